"""BibTeX and CSV: fields by their names, nothing lost in broken records."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parsing.support import parse
from tests.parsing.test_properties import examples

from enrich.errors import ListError
from enrich.records import Entry


def bib(text: str) -> list[Entry]:
    return list(parse(text, "list.bib").entries)


@pytest.mark.parametrize(
    ("fields", "arxiv"),
    [
        ("journal={CoRR}, volume={abs/2309.12715}", "2309.12715"),
        ("journal={arXiv preprint arXiv:2309.12715}", "2309.12715"),
        ("eprint={2309.12715}, archivePrefix={arXiv}", "2309.12715"),
        ("eprint={2309.12715}", "2309.12715"),
        ("doi={10.48550/arXiv.2309.12715}", "2309.12715"),
        ("howpublished={\\url{https://arxiv.org/abs/2309.12715}}", "2309.12715"),
        ("eprint={26017442}, eprinttype={pubmed}", None),
    ],
)
def test_arxiv_papers_in_bibtex(fields: str, arxiv: str | None) -> None:
    """However BibTeX names a paper of arXiv, its identifier is found."""
    (entry,) = bib("@article{a, title={A Title of a Paper}, " + fields + "}\n")
    assert entry.ids.arxiv_id == arxiv


def test_other_identifiers_in_bibtex() -> None:
    """DBLP keys, PubMed and PubMed Central are identifiers, too."""
    first, second = bib(
        "@inproceedings{DBLP:conf/nips/VaswaniSPUJGKP17, title={Attention Is All You Need}}\n"
        "@article{b, title={Deep learning of things}, eprint={26017442}, eprinttype={pubmed},"
        " pmcid={PMC3531190}}\n"
    )
    assert first.ids.dblp_id == "conf/nips/VaswaniSPUJGKP17"
    assert (second.ids.pmid, second.ids.pmcid) == ("26017442", "3531190")


def test_fields_of_bibtex() -> None:
    """Strings, joined parts, subtitles and what an entry takes from its proceedings are read."""
    text = """
@string{icml = "International Conference on Machine Learning"}
@inproceedings{a, title = {Deep {Sets}}, subtitle = {A Theory}, author = {Zaheer, Manzil and
  Kottur, Satwik}, crossref = {P}, pages = {1--9}, file = {/home/me/x.pdf}}
@article{b, title = "Gr{\\'e}goire's" # { Method}, journal = icml # " (" # "ICML)",
  date = {2019-05}}
@proceedings{P, title = {Advances in Things}, booktitle = {Proc. of Things}, year = {2017}}
@software{s, title = {A Tool for Things}, url = {https://github.com/a/b}, version = {1.2}}
"""
    first, second, third, fourth = bib(text)
    assert first.title == "Deep Sets: A Theory"
    assert (first.venue_text, first.year) == ("Proc. of Things", 2017)
    assert first.extra == (("pages", "1–9"),)
    assert second.title == "Grégoire's Method"
    assert second.venue_text == "International Conference on Machine Learning (ICML)"
    assert second.year == 2019
    assert (third.kind, fourth.kind) == ("other", "code")
    assert fourth.extra == (("version", "1.2"),)


@pytest.mark.parametrize(
    "broken",
    [
        "@article{a, title={A Broken One, year=2019}\n",
        "@article{a, title={A Broken One}, year=2019\n",
        "@article{a, title={A Broken One}}, year=2019}\n",
        '@article{a, title = "A Broken One, year = 2019}\n',
    ],
)
def test_a_broken_entry_is_kept(broken: str) -> None:
    """An entry whose braces do not match keeps its title; the entries around it stand."""
    good = "@article{%s, title={A Good One %s}, year=2020}\n"
    titles = [e.title for e in bib(good % (1, 1) + broken + "\n" + good % (2, 2))]
    assert titles == ["A Good One 1", "A Broken One", "A Good One 2"]


def test_columns_of_csv() -> None:
    """Columns go by their headings; what has no column of ours is kept in `extra`."""
    text = (
        "Code Name,Article Title,First Author,Link,Year,Platform\n"
        'Steane,"Experimental Quantum Error Correction, again",Cory,'
        "https://arxiv.org/abs/quant-ph/9802018,1998,NMR\n"
    )
    (entry,) = parse(text, "list.csv").entries
    assert entry.title == "Experimental Quantum Error Correction, again"
    assert (entry.authors_text, entry.year) == ("Cory", 1998)
    assert entry.ids.arxiv_id == "quant-ph/9802018"
    assert dict(entry.extra)["Platform"] == "NMR"


def test_a_stray_quote_ends_in_its_row() -> None:
    """A quote that is never closed is a letter: the rows after it are rows, and it is reported."""
    rows = [f"A Title of Paper {n},2019" for n in range(300)]
    rows[3] = '"An Opened Title,2019'
    parsed = parse("title,year\n" + "\n".join(rows) + "\n", "list.csv")
    assert len(parsed.entries) == 300
    assert [i.line for i in parsed.issues if i.code == "malformed_entry"] == [5]
    assert '"An Opened Title' in parsed.entries[3].raw


def test_quoted_cells_may_hold_lines() -> None:
    """Line ends inside quotes belong to the cell."""
    parsed = parse('title,note,year\n"A Title\nof a Paper","one\n\ntwo",2019\n', "list.csv")
    (entry,) = parsed.entries
    assert (entry.title, entry.year, entry.line_end) == ("A Title of a Paper", 2019, 5)


PIECES = st.sampled_from(
    ["@article{", "@string{", "a,", "title", " = ", "{", "}", '"', "#", "\n", "year=2019", ",",
     "\\",
     "$", "@", "(", ")", "x", "CoRR", "crossref={a}", "A Title of Things", "url={https://a.b/c}"]
)  # fmt: skip


@examples(60)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_bibtex_crashes(text: str) -> None:
    """Any text is read as BibTeX or refused with a ListError."""
    try:
        parsed = parse(text, "list.bib")
    except ListError:
        return
    assert all(1 <= e.line_start <= e.line_end for e in parsed.entries)


CELLS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20)


@examples(60)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_no_cell_of_a_csv_is_lost(rows: list[list[str]]) -> None:
    """Every word of a table stands in some field of its entry, or in `extra`."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["title", "alpha", "beta"])
    writer.writerows([f"Title {n} of the list", *row[1:]] for n, row in enumerate(rows))
    entries = parse(out.getvalue(), "list.csv").entries
    assert len(entries) == len(rows)
    for entry, row in zip(entries, rows, strict=True):
        said = " ".join(
            [entry.title, *(v for _, v in entry.extra), *(link.url for link in entry.links),
             *(str(v) for v in (entry.ids.arxiv_id, entry.ids.doi, entry.venue_text,
                                entry.authors_text, entry.year, entry.note) if v)]
        )  # fmt: skip
        ids = [str(value) for value in asdict(entry.ids).values() if value]
        for cell in row[1:]:
            # An identifier stands in `ids` in its own form: `ARXIV1501.00001` as 1501.00001.
            named = "http" in cell or "10." in cell or any(one in cell for one in ids)
            if cell.strip() and not named:
                assert all(word in said for word in re.findall(r"[^\W_]+", cell))


def test_a_number_is_no_venue() -> None:
    """A text without a letter is no venue, however often it recurs: it stays in `extra`."""
    rows = "".join(f"Title {n} of the list,{v}\n" for n, v in enumerate(("0", "0", "AA", "AA")))
    entries = parse(f"title,beta\n{rows}", "list.csv").entries
    assert [entry.venue_text for entry in entries] == [None, None, "AA", "AA"]
    assert [entry.extra for entry in entries[:2]] == [(("beta", "0"),)] * 2
