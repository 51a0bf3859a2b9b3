"""One site of all lists: what is on its pages, that they are linked, and where it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from tests.outputs.report.tables import FIRST, SECOND, entry, paper, write_snapshot

from enrich.cli.site import main

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two lists: one paper in both under different ids, one in the first alone, one entry open."""
    same = paper(1, paper_id="arxiv:1", aliases=["arxiv:1", "doi:10.1/x"], citation_count=5)
    other = paper(9, paper_id="doi:10.1/x", aliases=["doi:10.1/x"], citation_count=7)
    write_snapshot(
        tmp_path / "data",
        [entry(1, paper_id="arxiv:1"), entry(2, paper_id="p2"), entry(3, status="unresolved")],
        [same, paper(2)],
        name=FIRST,
        list={"name": "readings", "title": HOSTILE, "location": "/secret/place/readings.md"},
    )
    write_snapshot(
        tmp_path / "data",
        [entry(7, paper_id="doi:10.1/x")],
        [other],
        name=SECOND,
        slug="other",
        list={"name": "other", "title": "Other List", "location": "o.md"},
    )
    return tmp_path / "data"


def site_of(root: Path, *more: str) -> tuple[Path, Any]:
    """The folder of the site, and its index page parsed."""
    out = root.parent / "site"
    assert main(["--root", str(root), "-o", str(out), *more]) == 0
    return out, html.document_fromstring((out / "index.html").read_bytes())


def test_a_paper_of_two_lists_is_counted_once(root: Path) -> None:
    """Papers with an identifier in common are one, with its newest count and links to both."""
    _, tree = site_of(root)
    figures = dict(zip(tree.xpath("//dt/text()"), tree.xpath("//dd/span[1]/text()"), strict=True))
    assert figures == {"Lists": "2", "Papers": "2", "In several lists": "1", "Citations": "27"}
    rows = tree.xpath("//*[@id='shared']//tbody/tr")
    assert len(rows) == 1
    assert rows[0].xpath(".//a/@href") == [
        "lists/other.html#entry-e7",
        "lists/readings.html#entry-e1",
    ]
    assert [link.text_content() for link in rows[0].xpath(".//a")] == ["Other List", HOSTILE]


def test_every_link_leads_to_a_page_and_an_entry(root: Path) -> None:
    """All addresses within the site exist, and entries are in the page they are linked in."""
    out, tree = site_of(root)
    for href in tree.xpath("//a/@href[not(starts-with(., '#') or starts-with(., 'https:'))]"):
        page, _, fragment = href.partition("#")
        listed = html.document_fromstring((out / unquote(page)).read_bytes())
        data = json.loads(listed.get_element_by_id("data").text)
        ids = {row[data["entries"]["keys"].index("id")] for row in data["entries"]["rows"]}
        assert not fragment or unquote(fragment.removeprefix("entry-")) in ids
        assert listed.xpath("//header//a[@href='../index.html']")
    data = json.loads(tree.get_element_by_id("data").text)
    assert {row[0] for row in data["rows"]} >= {"Paper number 3"}


def test_text_of_lists_is_shown_as_text(root: Path) -> None:
    """A hostile title adds no element, and no path of the machine is on any page."""
    out, tree = site_of(root, "--title", HOSTILE)
    assert tree.xpath("//img | //@*[starts-with(name(), 'on')]") == []
    assert tree.findtext(".//h1") == HOSTILE
    for page in out.rglob("*.html"):
        assert "/secret" not in page.read_text()


def test_pages_of_former_lists_are_removed_and_other_files_stay(root: Path) -> None:
    """A second run removes what it wrote for lists that are gone, and nothing else."""
    out, _ = site_of(root)
    (out / "CNAME").write_text("lists.example.org")
    (out / "lists" / "mine.html").write_text("<p>mine</p>")
    (root / "other").rename(root.parent / "gone")
    site_of(root)
    names = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert names == [".nojekyll", "CNAME", "index.html", "lists/mine.html", "lists/readings.html"]


def test_same_snapshots_give_the_same_site(root: Path) -> None:
    """The site depends on the snapshots alone."""
    out, _ = site_of(root)
    first = {path: path.read_bytes() for path in out.rglob("*.html")}
    site_of(root)
    assert {path: path.read_bytes() for path in out.rglob("*.html")} == first


def test_a_snapshot_is_never_written_into(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A site inside a published snapshot is refused before anything is written."""
    folder = root / "readings" / FIRST
    before = sorted(folder.iterdir())
    assert main(["--root", str(root), "-o", str(folder / "site")]) == 2
    assert "never changes" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before
