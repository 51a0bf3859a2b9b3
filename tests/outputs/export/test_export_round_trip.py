"""What is exported, read back by programs that others wrote."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import bibtexparser
import pandas as pd
import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

import enrich
from enrich.cli.export import main
from enrich.outputs.escape import markdown_text, one_line
from enrich.outputs.export import bibliography, entry_rows
from enrich.outputs.export.people import person
from enrich.outputs.export.reference import Reference


def exported(root: Path, form: str, *more: str) -> bytes:
    assert main(["--root", str(root), "-f", form, "-o", f"out.{form}", *more]) == 0
    return Path(f"out.{form}").read_bytes()


def papers(root: Path) -> dict[str, Any]:
    rows = enrich.load(table="papers", root=root).to_dict("records")
    return {row["paper_id"]: row for row in rows}


def titles(root: Path) -> set[str]:
    return {row["title"] for row in papers(root).values()}


def untex(value: str) -> str:
    return LatexNodes2Text(math_mode="verbatim", keep_braced_groups=False).latex_to_text(value)


@pytest.mark.parametrize(
    ("which", "tex"),
    [("demo", False), ("demo", True), pytest.param("five_hundred", False, marks=pytest.mark.slow)],
)
def test_bibtex(which: str, tex: bool, request: pytest.FixtureRequest) -> None:
    """Two parsers read the file without complaint, with the titles, authors and years of papers."""
    root = request.getfixturevalue(which)
    text = exported(root, "bibtex", *(["--tex"] if tex else [])).decode()
    assert not tex or text.isascii()
    by_title = {row["title"]: row for row in papers(root).values()}
    read = parse_string(text, "bibtex")
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert {entry.key for entry in library.entries} == set(read.entries)
    assert len(read.entries) == len(by_title)
    for entry in read.entries.values():
        row = by_title.pop(untex(entry.fields["title"]))
        people = [untex(str(author)) for author in entry.persons["author"]]
        assert people == [person(author["name"]).last_first for author in row["authors"]]
        assert entry.fields.get("eprint") == row["arxiv_id"]
        venue = None if row["venue"] == "arXiv.org" else row["venue"]
        if venue or row["doi"]:
            assert entry.type in ("inproceedings", "article")
            assert entry.fields["year"] == str(row["year"])
            assert venue in (entry.fields.get("booktitle"), entry.fields.get("journal"))
        else:
            assert entry.type == "misc"
    assert not by_title


def test_csl_json(demo: Path) -> None:
    """citeproc sets every item; titles, people and dates are the papers'."""
    items = json.loads(exported(demo, "csl-json"))
    with warnings.catch_warnings():
        # It warns of fields that its version of the format does not know.
        warnings.simplefilter("ignore")
        source = CiteProcJSON(items)
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        references = CitationStylesBibliography(style, source, formatter.plain)
        for key in source:
            references.register(Citation([CitationItem(key)]))
        printed = ["".join(line) for line in references.bibliography()]
    assert len(printed) == len(items) == len(papers(demo))
    assert any(
        line.startswith("Lin, J., Gan, C. and Han, S. (2019) “TSM: Temporal") for line in printed
    )
    assert {item["title"] for item in items} == titles(demo)
    tsm = next(item for item in items if item["id"] == "lin2018tsm")
    assert tsm["type"] == "paper-conference"
    assert tsm["issued"]["date-parts"][0][0] == 2019
    assert tsm["author"][0] == {"family": "Lin", "given": "Ji"}
    assert tsm["archive_location"] == "1811.08383"


def test_ris(demo: Path) -> None:
    """rispy reads every record, with title, people, year and type."""
    text = exported(demo, "ris").decode()
    assert text.count("\r\n") == text.count("\n")
    records = rispy.loads(text)
    assert {record["title"] for record in records} == titles(demo)
    tsm = next(record for record in records if record["id"] == "lin2018tsm")
    assert (tsm["type_of_reference"], tsm["year"]) == ("CPAPER", "2019")
    assert tsm["authors"] == ["Lin, Ji", "Gan, Chuang", "Han, Song"]
    assert tsm["urls"][-1] == "https://arxiv.org/abs/1811.08383"


def test_csv(demo: Path) -> None:
    """One row per entry, in order, empty where nothing is known; with a mark for Excel if asked."""
    data = exported(demo, "csv", "--bom")
    assert data.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(data), encoding="utf-8-sig")
    whole = enrich.load(root=demo)
    assert list(frame.columns) == list(whole.columns)
    assert frame["title"].tolist() == whole["title"].tolist()
    counts = frame["citation_count"].astype("Int64")
    assert counts.fillna(-1).tolist() == whole["citation_count"].fillna(-1).tolist()
    assert not exported(demo, "csv").startswith(b"\xef\xbb\xbf")


def test_json_lines(demo: Path) -> None:
    """Numbers are numbers, lists are lists, missing is null."""
    rows = [json.loads(line) for line in exported(demo, "jsonl").splitlines()]
    whole = enrich.load(root=demo)
    assert [row["entry_id"] for row in rows] == whole["entry_id"].tolist()
    tsm = next(row for row in rows if row["arxiv_id"] == "1811.08383")
    assert isinstance(tsm["citation_count"], int) and tsm["is_withdrawn"] is False
    assert tsm["section"] == ["Paper", "Video Classification (Spatiotemporal Features)"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", tsm["counts_observed_at"])
    assert any(row["arxiv_id"] is None for row in rows)


def test_markdown(demo: Path) -> None:
    """Every entry is a bullet under its section, and sources are named."""
    text = exported(demo, "markdown").decode()
    tokens = MarkdownIt().parse(text)
    assert sum(token.type == "list_item_open" for token in tokens) == len(enrich.load(root=demo))
    assert "## Paper\n" in text and "semanticscholar.org" in text


def test_all_entries(demo: Path) -> None:
    """With --all-entries papers that nobody knows are there too, as the list writes them."""
    plain = parse_string(exported(demo, "bibtex").decode(), "bibtex").entries
    whole = parse_string(exported(demo, "bibtex", "--all-entries").decode(), "bibtex").entries
    rows = enrich.load(root=demo)
    open_papers = rows[(rows["kind"] == "paper") & (rows["status"] != "resolved")]
    assert len(open_papers) > 0
    assert set(whole) - set(plain) == {f"entry-{x}" for x in open_papers["entry_id"]}


def test_same_twice(demo: Path) -> None:
    """An export of a snapshot is a function of it: the same bytes every time."""
    for form in ("bibtex", "csl-json", "ris", "csv", "jsonl", "markdown"):
        assert exported(demo, form) == exported(demo, form)


# No surrogates: a snapshot's text is UTF-8. No ligatures: TeX itself reads `--` and ``` `` ```.
WILD = st.text(
    st.one_of(st.sampled_from('{}$\\%&#_~^"@,=\n\t éßж李A1 '), st.characters(codec="utf-8"))
)


@settings(max_examples=40, deadline=None)
@given(WILD, WILD)
def test_bibtex_of_anything(title: str, name: str) -> None:
    """No title and no name can end its field, or start another: one entry is read back."""
    ref = Reference(
        "x", "misc", one_line(title) or "t", (person(one_line(name) or "n"),), 2020, key="k"
    )
    text = bibliography.bibtex([ref])
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks and [entry.key for entry in library.entries] == ["k"]
    fields = library.entries[0].fields_dict
    assert set(fields) <= {"title", "author", "year"}
    assert fields["year"].value == "2020"
    assert literal(fields["title"].value) == literal(ref.title)
    assert [*parse_string(text, "bibtex").entries] == ["k"]


def literal(value: str) -> str:
    """A title without braces and escapes: the same of what was written and what is read."""
    for command, sign in (
        ("textbackslash", "\\"), ("textbraceleft", "{"), ("textbraceright", "}"),
        ("textasciitilde", "~"), ("textasciicircum", "^"),
    ):  # fmt: skip
        value = value.replace(f"\\{command}{{}}", sign)
    return re.sub(r"[\\{}]", "", value)


@settings(max_examples=40, deadline=None)
@given(WILD)
def test_ris_of_anything(text: str) -> None:
    """No text can end a record or begin a tag."""
    ref = Reference(
        "x", "misc", one_line(text) or "t", (), 2020, abstract=one_line(f"{text}\nER  - ")
    )
    records = rispy.loads(bibliography.ris([ref, ref]))
    assert len(records) == 2 and records[0]["year"] == "2020"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.one_of(WILD, st.sampled_from(["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "＝1"])))
)
def test_csv_of_anything(values: list[str]) -> None:
    """Cells come back as they were, but those that a spreadsheet would run begin with a quote."""
    columns = [f"c{i}" for i in range(len(values))] or ["c"]
    row = dict(zip(columns, values or ["x"], strict=True))
    text = entry_rows.csv_table(columns, [row])
    _, cells = csv.reader(io.StringIO(text, newline=""))
    for cell, value in zip(cells, row.values(), strict=True):
        assert cell in (value, f"'{value}")
        assert not cell.lstrip(" \xa0").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@settings(max_examples=50, deadline=None)
@given(st.text(st.one_of(st.sampled_from("*_[]()<>`|#!\\-+1.&\n "), st.characters(codec="utf-8"))))
def test_markdown_of_anything(text: str) -> None:
    """A title is shown as text: it makes no link, image, code, heading, list or HTML."""
    shown = markdown_text(text)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"- **{shown}**.")
    kinds = {child.type for token in tokens for child in token.children or []}
    assert not kinds & {"link_open", "image", "code_inline", "html_inline", "s_open"}
    assert [token.type for token in tokens].count("bullet_list_open") == 1
