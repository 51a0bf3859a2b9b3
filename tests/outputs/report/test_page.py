"""The page as text: what is in it, and that nothing from outside can act in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from lxml import html
from tests.outputs.report.tables import FIRST, SECOND, entry, paper, write_snapshot

from enrich.outputs.report import assemble, build, read_input

HOSTILE = "</script><img src=x onerror=alert(1)>\u2028{{ 7*7 }}"
SHOWN = HOSTILE.replace("\u2028", " ")  # a line separator is shown as a space


def page_of(folder: Path) -> str:
    return build(assemble(read_input(folder)))


def parsed(folder: Path) -> Any:
    return html.document_fromstring(page_of(folder).encode())


def hostile(root: Path) -> Path:
    links = [
        {"label": "go", "url": "javascript:alert(1)", "role": "paper"},
        {"label": "go", "url": "data:text/html,<script>alert(1)</script>", "role": "code"},
        {"label": HOSTILE, "url": "https://example.org/?a=1&b=%22", "role": "code"},
    ]
    return write_snapshot(
        root,
        [
            entry(1, title=HOSTILE, section=[HOSTILE, HOSTILE], links=links, reason=HOSTILE,
                  note=HOSTILE, kind="paper"),
            entry(2, title=HOSTILE, section=["B"], status="unresolved", links=links,
                  reason=HOSTILE),
            entry(3),
        ],
        [
            paper(1, title=HOSTILE, abstract=HOSTILE, venue=HOSTILE, arxiv_id='"><b>',
                  doi="10.1/<b>", open_access_pdf="javascript:alert(1)",
                  authors=[{"name": HOSTILE, "s2_author_id": None, "affiliations": []}]),
            paper(3),
        ],
        candidates=[
            {"entry_id": "e2", "source": "arxiv", "source_id": "x", "arxiv_id": '"onload="',
             "score": 0.5, "title": HOSTILE, "reason": HOSTILE, "decision": "rejected"}
        ],
        issues=[
            {"severity": "warning", "code": "dead_id", "line": 3, "message": HOSTILE,
             "suggestion": HOSTILE}
        ],
        list={"name": "readings", "title": HOSTILE, "location": "javascript:alert(1)"},
    )  # fmt: skip


def test_nothing_from_outside_becomes_markup(tmp_path: Path) -> None:
    """Hostile text in every place of a snapshot adds no element and no attribute to the page."""
    tree = parsed(hostile(tmp_path))
    assert tree.xpath("//img | //b | //iframe | //object") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert len(tree.xpath("//script")) == 4
    assert tree.xpath("//h1")[0].text_content() == SHOWN


def test_only_web_links_stand_in_the_page(tmp_path: Path) -> None:
    """A javascript: or data: address is dropped, in markup and in the data block; others stay."""
    tree = parsed(hostile(tmp_path))
    targets = set(tree.xpath("//a/@href"))
    assert all(t.startswith(("#", "https://")) for t in targets)
    data = json.loads(tree.get_element_by_id("data").text)
    keys, rows = data["entries"]["keys"], data["entries"]["rows"]
    links = dict(zip(keys, rows[0], strict=True))["links"]
    assert [url for _, url in links] == ["https://example.org/?a=1&b=%22"]
    papers = dict(zip(data["papers"]["keys"], data["papers"]["rows"][0], strict=True))
    assert all(url.startswith("https://") for _, url in papers["links"])
    assert "<" not in json.dumps(papers["links"])


def test_the_data_block_cannot_be_left(tmp_path: Path) -> None:
    """JSON in the page holds no character that could end its element or a line of it."""
    written = page_of(hostile(tmp_path))
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', written, re.S)
    assert block is not None
    assert not set("<>&\u2028\u2029") & set(block[1])
    assert json.loads(block[1])["entries"]["rows"][0][3] == SHOWN


def test_policy_allows_what_is_written_in_the_page_and_no_network(tmp_path: Path) -> None:
    """The policy starts from nothing and names each script and the style by its own hash."""
    tree = parsed(write_snapshot(tmp_path, [entry(1)], [paper(1)]))
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
    for kind, rule in (("script[not(@type)]", "script-src"), ("style", "style-src")):
        written = [element.text for element in tree.xpath(f"//{kind}")]
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in written]
        assert rules[rule].split() == [f"'sha256-{h.decode()}'" for h in hashes]
    assert tree.xpath("//@style | //*[@src]") == []


def test_sandbox_data_is_marked(tmp_path: Path) -> None:
    """A page over stand-in data says so at its very top and in its title; a live one does not."""
    sandbox = parsed(write_snapshot(tmp_path / "a", [entry(1)], [paper(1)], mode="sandbox"))
    live = parsed(write_snapshot(tmp_path / "b", [entry(1)], [paper(1)]))
    banner = sandbox.xpath("//body/*[2][@class='sandbox']")
    assert len(banner) == 1
    assert "Sandbox data" in banner[0].text_content()
    assert "sandbox" in sandbox.findtext(".//title")
    assert live.xpath("//*[@class='sandbox']") == []


def test_sources_are_thanked_as_their_terms_ask(tmp_path: Path) -> None:
    """arXiv's acknowledgement stands word for word; Semantic Scholar is named with its link."""
    tree = parsed(write_snapshot(tmp_path, [entry(1)], [paper(1)]))
    sources = tree.get_element_by_id("sources")
    text = " ".join(sources.text_content().split())
    assert "Thank you to arXiv for use of its open access interoperability." in text
    links = sources.xpath(".//a/@href")
    assert "https://www.semanticscholar.org/?utm_source=api" in links
    assert "https://arxiv.org/abs/2301.10140" in links


def test_page_without_scripts_holds_every_entry(tmp_path: Path) -> None:
    """Without scripts every entry stands in a plain table, with year, citations and links."""
    entries = [entry(n, status="unresolved" if n == 2 else "resolved") for n in range(4)]
    tree = parsed(write_snapshot(tmp_path, entries, [paper(n) for n in (0, 1, 3)]))
    rows = tree.xpath("//noscript//tbody/tr")
    assert [" ".join(row.itertext()).split()[0] for row in rows] == ["1", "2", "3", "4"]
    assert [cell.text_content() for cell in rows[3].xpath("./td")] == [
        "4", "Networks", "paper", "2003", "30", "Resolved",
    ]  # fmt: skip
    assert rows[3].xpath(".//a/@href") == ["https://arxiv.org/abs/2001.00003"]


def test_every_chart_has_its_numbers_as_a_table(tmp_path: Path) -> None:
    """Each chart stands beside a sentence and a table with a row for each of its marks."""
    entries = [entry(n, section=["AB"[n % 2]]) for n in range(8)]
    folder = write_snapshot(tmp_path, entries, [paper(n) for n in range(8)])
    write_snapshot(tmp_path, entries, [paper(n) for n in range(8)], name=SECOND)
    tree = parsed(folder.parent / SECOND)
    figures = tree.xpath("//figure")
    assert [f.get("class") for f in figures] == [
        "papers", "year", "section", "venue", "rate", "outcome", "growth",
    ]  # fmt: skip
    for figure in figures:
        assert figure.xpath(".//figcaption/p")[0].text_content().strip()
        assert figure.xpath(".//table//tbody/tr")


def test_empty_list_gives_a_page(tmp_path: Path) -> None:
    """A list without entries is no error: the page says so and carries no chart script."""
    page = page_of(write_snapshot(tmp_path, [], []))
    assert len(page) < 120_000
    assert "vegaEmbed" not in page


def test_same_snapshot_gives_the_same_bytes(tmp_path: Path) -> None:
    """A report depends on the snapshots alone: made twice it is the same file."""
    folder = write_snapshot(tmp_path, [entry(1)], [paper(1)])
    assert page_of(folder) == page_of(folder)
    assert FIRST in page_of(folder)
