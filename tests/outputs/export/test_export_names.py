"""Names, titles and keys: what a reference manager is given."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.outputs.escape import one_line
from enrich.outputs.export import bibliography, keys, tex
from enrich.outputs.export.people import person
from enrich.outputs.export.reference import reference, title_text

SEEN = datetime(2018, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kaiming He", "He, Kaiming"),
        ("He, Kaiming", "He, Kaiming"),
        ("Laurens van der Maaten", "van der Maaten, Laurens"),
        ("van der Maaten, Laurens", "van der Maaten, Laurens"),
        ("Ludwig von Beethoven", "von Beethoven, Ludwig"),
        ("Maria de los Angeles", "de los Angeles, Maria"),
        ("Van Nguyen", "Nguyen, Van"),
        ("Luc Van Gool", "Van Gool, Luc"),
        ("Nicola De Cao", "De Cao, Nicola"),
        ("Marco Del Tredici", "Del Tredici, Marco"),
        ("Fernando De la Torre", "De la Torre, Fernando"),
        ("Laurent El Ghaoui", "El Ghaoui, Laurent"),
        ("Van Gool, Luc", "Van Gool, Luc"),
        ("Anh Van Nguyen", "Nguyen, Anh Van"),
        ("Quoc V. Le", "Le, Quoc V."),
        ("Minh Le Tran", "Tran, Minh Le"),
        ("William T. Freeman Jr.", "Freeman, Jr., William T."),
        ("Freeman, Jr., William T.", "Freeman, Jr., William T."),
        ("Freeman, William T., III", "Freeman, III, William T."),
        ("Robert Downey, Jr.", "Downey, Jr., Robert"),
        ("Henry Ford II", "Ford, II, Henry"),
        ("Plato", "Plato"),
        ("李飞飞", "李飞飞"),
        ("李 飞飞", "李, 飞飞"),
        ("김 철수", "김, 철수"),
        ("The ATLAS Collaboration", "The ATLAS Collaboration"),
        ("Gemini Team, Google", "Gemini Team, Google"),
        ("Ramon  Sanabria ", "Sanabria, Ramon"),
        ("Bahdanau,", "Bahdanau,"),
    ],
)
def test_last_first(name: str, expected: str) -> None:
    """Particles stay with the family name, suffixes after it; what is no first and last is kept."""
    assert person(name).last_first == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("TSM: Temporal Shift Module", "{TSM}: Temporal Shift Module"),
        ("How2 in 3D", "{How2} in {3D}"),
        ("A Q-learning view of X", "A {Q}-learning view of {X}"),
        ("A study of Gaussian processes for the Lipschitz case", None),
        ("DEEP LEARNING FOR VIDEO", "DEEP LEARNING FOR VIDEO"),
        ("100% of R&D_1 #2 {x} ~a^b\\c", None),
        ("Learning $L_2$ norms at 5$ and 10$", r"Learning {$L_2$} norms at 5\$ and 10\$"),
        ("Costs of $100 and $200", r"Costs of \$100 and \$200"),
        ("$\\epsilon$-greedy", "{$\\epsilon$}-greedy"),
        ("Broken $a}b$ braces", r"Broken \$a\textbraceright{}b\$ braces"),
        ("Über Kähler-Räume", None),
    ],
)
def test_titles(title: str, expected: str | None) -> None:
    """Meaningful capitals and mathematics are braced, specials escaped, braces balanced."""
    made = tex.title(title)
    if expected is not None:
        assert made == expected
    assert balanced(made)
    assert balanced(tex.title(title, ascii_only=True))


def test_sentence_titles_keep_their_names() -> None:
    """In a title set like a sentence every capital is a name; in a headline none need be."""
    assert "{Gaussian}" in tex.title("A study of Gaussian processes for the regular case")
    assert "{" not in tex.title("A Study of Gaussian Processes for the Regular Case")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Poincar\\'e", "Poincaré"), ("Poincar\\'{e} and G{\\\"o}del", "Poincaré and Gödel"),
        ("Na{\\\"\\i}ve", "Naïve"), ("\\v{C}ech", "Čech"), ("Stra{\\ss}e", "Straße"),
        ("50\\% of $\\alpha\\'$ it", "50% of $\\alpha\\'$ it"), ("plain", "plain"),
        ("Erd\\H{o}s", "Erdős"), ("C:\\temp", "C:\\temp"),
    ],
)  # fmt: skip
def test_untex(source: str, expected: str) -> None:
    """TeX accents that sources write become letters; mathematics and stray backslashes stay."""
    assert tex.untex(source) == expected


def balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def row(paper_id: str, title: str = "TSM: a title", name: str = "Ji Lin", **more: Any) -> Any:
    return {
        "paper_id": paper_id, "title": title, "authors": [{"name": name}], "year": 2019,
        "arxiv_id": "1811.08383", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (row("a"), "lin2018tsm"),
        (row("a", arxiv_id=None), "lin2019tsm"),
        (row("a", arxiv_id="cs/9901002"), "lin1999tsm"),
        (row("a", "On the Theory of Łukasz' Sets", "Jürgen Müßig"), "mussig2018theory"),
        (row("a", "视频", "李飞飞"), "anon2018"),
        (row("a", "", authors=[], year=None, arxiv_id=None), "anon"),
        (row("a", "A b", "Laurens van der Maaten"), "maaten2018b"),
        (row("a", "A b", "Luc Van Gool"), "gool2018b"),
        (row("a", "A b", "Van Gool, Luc"), "vangool2018b"),
    ],
)
def test_base_key(made: Any, expected: str) -> None:
    """A key is ASCII letters and digits: family name, the preprint's year, a telling word."""
    assert keys.base_key(made) == expected


def test_keys_stay() -> None:
    """Entries that come later, another order, or new metadata change no key that was given."""
    first = [row("a"), row("b", "Other work")]
    before = keys.assign([first])
    later = [row("c"), row("b", "Other work, renamed"), row("a", year=2031, name="J. Linn")]
    after = keys.assign([first, later])
    assert {k: after[k] for k in before} == before == {"a": "lin2018tsm", "b": "lin2018other"}
    assert after["c"].startswith("lin2018tsm-")
    assert keys.assign([first, later[::-1]]) == after


def test_keys_of_one_snapshot_do_not_follow_its_order() -> None:
    """Papers that want one key at once all get letters from their own ids."""
    rows = [row("a"), row("b"), row("c")]
    made = keys.assign([rows])
    assert keys.assign([rows[::-1]]) == made
    assert len(set(made.values())) == 3
    later = keys.assign([rows, [*rows, row("d")]])
    assert {k: later[k] for k in made} == made
    assert all(key.startswith("lin2018tsm-") for key in later.values())
    assert keys.assign([rows[:2]])["a"] == made["a"]


@given(st.text())
def test_one_line_is_one_safe_line(text: str) -> None:
    """Any text becomes one line without control characters; twice is the same as once."""
    made = one_line(text)
    assert made == one_line(made) == made.strip()
    assert len(made.splitlines()) <= 1
    kinds = {unicodedata.category(c) for c in made if c not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_title_text() -> None:
    """What sources leave of HTML and TeX is resolved; a comparison and an ampersand stay."""
    assert title_text("A &amp; B in <i>E. coli</i> at CO<sub>2</sub>") == "A & B in E. coli at CO2"
    assert (
        title_text("Why a < b & c > d; R&D; <img src=x>") == "Why a < b & c > d; R&D; <img src=x>"
    )


def paper(**known: Any) -> Any:
    names = (
        "paper_id", "title", "venue", "doi", "arxiv_id", "published_on", "arxiv_published_at",
        "year", "journal_ref", "is_withdrawn", "publication_types", "authors", "abstract",
        "arxiv_primary_category", "acl_id", "openreview_id", "s2_paper_id",
    )  # fmt: skip
    return dict.fromkeys(names) | {"paper_id": "x", "title": "T"} | known


@pytest.mark.parametrize(
    ("known", "form", "year", "month"),
    [
        ({"venue": "arXiv.org", "year": 2020, "arxiv_published_at": SEEN}, "misc", 2018, 11),
        ({"venue": "European Conference on Computer Vision", "year": 2019,
          "published_on": date(2019, 6, 1), "arxiv_published_at": SEEN}, "inproceedings", 2019, 6),
        ({"venue": "European Conference on Computer Vision", "year": 2019,
          "published_on": date(2018, 6, 1)}, "inproceedings", 2019, None),
        ({"venue": "Nature", "year": 2015, "publication_types": ["JournalArticle"]}, "article",
         2015, None),
        ({"venue": "Nature", "year": 2015}, "article", 2015, None),
        ({"doi": "10.1/x", "year": 2015, "publication_types": ["Book"]}, "book", 2015, None),
        ({"doi": "10.1/x", "year": 2015, "venue": "arXiv.org"}, "article", 2015, None),
        ({"arxiv_id": "1811.08383"}, "misc", 2018, None),
        ({}, "misc", None, None),
    ],
)  # fmt: skip
def test_published_version(known: Any, form: str, year: int | None, month: int | None) -> None:
    """The publication is preferred, with its date; a month of another year is not its month."""
    made = reference(paper(**known))
    assert (made.form, made.year, made.on and made.on.month) == (form, year, month)


def test_volume_and_pages_are_of_the_publication() -> None:
    """Volume and pages go into each format; those of a preprint server do not."""
    known = {"venue": "Nature", "year": 2015, "journal_volume": "521", "journal_pages": "436 - 444",
             "pmid": "26017442", "title": "Deep learning"}  # fmt: skip
    ref = reference(paper(**known))
    text = bibliography.bibtex([ref])
    assert "volume = {521}" in text and "pages = {436--444}" in text
    assert "pmid = {26017442}" in text
    item = json.loads(bibliography.csl_json([ref]))[0]
    assert (item["volume"], item["page"], item["PMID"]) == ("521", "436 - 444", "26017442")
    lines = bibliography.ris([ref]).split("\r\n")
    assert {"VL  - 521", "SP  - 436", "EP  - 444"} <= set(lines)
    arxiv = reference(paper(**known | {"venue": "arXiv.org", "journal_pages": "abs/1"}))
    assert (arxiv.form, arxiv.volume, arxiv.pages) == ("misc", None, None)
