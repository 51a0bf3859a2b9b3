from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.resolve.build import WHEN, arxiv, s2

from enrich.papers.merge import PRECEDENCE, merge
from enrich.records import Author, Identifiers, Paper, Record

FIRST = datetime(2017, 6, 12, 17, 57, tzinfo=UTC)
PREPRINT = arxiv(
    "Attention Is All You Need", "1706.03762", "Ashish Vaswani", "Noam Shazeer", year=2017,
    abstract="From arXiv.", arxiv_comment="15 pages", journal_ref="NIPS 2017",
    arxiv_published_at=FIRST, arxiv_updated_at=FIRST + timedelta(days=900),
)  # fmt: skip
RECORD = s2(
    "Attention is All you Need", "att",
    authors=(Author("N. Shazeer", "2"), Author("Ashish Vaswani", "1", ("Google",))), year=2017,
    ids={"arxiv_id": "1706.03762", "s2_corpus_id": 13756489}, abstract="From S2.", tldr="Attend.",
    venue="NeurIPS", citation_count=100, reference_count=41, counts_observed_at=WHEN,
    published_on=date(2017, 12, 4),
)  # fmt: skip


def merged(*records: Record) -> Paper:
    return merge("arxiv:1706.03762", ("arxiv:1706.03762",), records)


def test_arxiv_speaks_first_for_the_text_and_s2_for_the_publication() -> None:
    """The abstract is arXiv's and says so; venue, year and counts are Semantic Scholar's."""
    paper = merged(RECORD, PREPRINT)
    assert (paper.abstract, paper.abstract_source) == ("From arXiv.", "arxiv")
    assert (paper.venue, paper.citation_count, paper.tldr) == ("NeurIPS", 100, "Attend.")
    assert paper.sources == ("arxiv", "semantic_scholar")
    without = merged(RECORD, replace(PREPRINT, abstract=None))
    assert (without.abstract, without.abstract_source) == ("From S2.", "semantic_scholar")


def test_preprint_and_publication_keep_their_own_dates() -> None:
    """The day of the publication and the days of the preprint are three columns."""
    paper = merged(RECORD, PREPRINT)
    assert paper.published_on == date(2017, 12, 4)
    assert paper.arxiv_published_at == FIRST
    preprints_day = replace(RECORD, published_on=date(2017, 6, 12))
    assert merged(preprints_day, PREPRINT).published_on is None
    only_preprint = replace(preprints_day, venue="arXiv.org")
    assert merged(only_preprint, PREPRINT).published_on == date(2017, 6, 12)


def test_counts_are_the_newest_look_never_the_largest() -> None:
    """Two Semantic Scholar records of one paper: the numbers of the newer look, all of them."""
    older = replace(
        RECORD, source_id="0" * 40, citation_count=900, reference_count=None,
        influential_citation_count=7, counts_observed_at=WHEN - timedelta(days=30),
    )  # fmt: skip
    paper = merged(older, RECORD, PREPRINT)
    assert (paper.citation_count, paper.counts_observed_at) == (100, WHEN)
    assert paper.influential_citation_count is None


def test_authors_are_joined_by_name_not_by_place() -> None:
    """arXiv's order stays; author ids come from the same name, wherever it stands."""
    assert merged(RECORD, PREPRINT).authors == (
        Author("Ashish Vaswani", "1", ("Google",)),
        Author("Noam Shazeer", "2"),
    )


def test_namesakes_get_no_ones_id() -> None:
    """Where two people share surname and initial, a guess would be wrong half of the time."""
    preprint = arxiv("T", "1", "Wei Wang", "Wen Wang")
    record = s2("T", "t", authors=(Author("W. Wang", "1"), Author("Wen Wang", "2")))
    assert [a.s2_author_id for a in merge("x", (), [preprint, record]).authors] == [None, "2"]


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the authors due to an error in Lemma 2",
        "Withdrawn",
        "This submission has been withdrawn by arXiv administrators. 12 pages",
        "15 pages. Withdrawn by the author; the proof has a gap",
        "The authors have withdrawn this article",
        "Paper withdrawn due to a crucial sign error",
        "This article has been retracted",
    ],
)
def test_withdrawals_are_seen(comment: str) -> None:
    """What arXiv's comment says of a withdrawal becomes a flag and a note."""
    paper = merged(replace(PREPRINT, arxiv_comment=comment), RECORD)
    assert paper.is_withdrawn is True
    assert paper.withdrawal_note
    assert paper.withdrawal_note in comment


@pytest.mark.parametrize(
    "comment",
    [
        None,
        "15 pages, accepted at CVPR",
        "Replaces the withdrawn paper arXiv:1501.00001",
        "An earlier version was withdrawn",
        "Withdrawn from ICLR 2019 and submitted to ICML",
        "Money withdrawn from accounts, 3 figures",
        "This paper was not withdrawn",
        "Submission withdrawn from the conference; journal version in preparation",
        "On withdrawn applications",
    ],
)
def test_talk_of_withdrawing_is_no_withdrawal(comment: str | None) -> None:
    """Other papers, other versions, other venues and other things may be withdrawn."""
    paper = merged(replace(PREPRINT, arxiv_comment=comment), RECORD)
    assert paper.is_withdrawn is False
    assert paper.withdrawal_note is None


def test_without_arxiv_nothing_is_known_of_withdrawals() -> None:
    """Unknown is null, not false."""
    assert merged(RECORD).is_withdrawn is None


def test_every_field_of_a_paper_has_its_precedence_in_the_table() -> None:
    """A new column cannot be merged by accident: the table names all of them."""
    own = {"paper_id", "aliases", "ids", "fetched_at", "sources", "abstract_source"}
    own |= {"is_withdrawn", "withdrawal_note", "references_status", "references_known"}
    own |= {"references_observed_at"}
    plain = {name for name in PRECEDENCE if not name.startswith("ids.")}
    assert plain == {f.name for f in fields(Paper)} - own
    bare = {name.removeprefix("ids.") for name in PRECEDENCE if name.startswith("ids.")}
    assert bare == {f.name for f in fields(Identifiers)}


texts = st.sampled_from([None, "", "one", "two"])
numbers = st.none() | st.integers(0, 5)
days = st.none() | st.sampled_from([WHEN, WHEN - timedelta(days=1)])


@st.composite
def records(draw: st.DrawFn) -> Record:
    more: dict[str, Any] = {
        "abstract": draw(texts), "venue": draw(texts), "citation_count": draw(numbers),
        "reference_count": draw(numbers), "counts_observed_at": draw(days),
        "fetched_at": draw(days) or WHEN, "journal_ref": draw(texts),
    }  # fmt: skip
    who = draw(st.lists(st.sampled_from(["Ann Able", "B. Berg", "Bo Berg"]), max_size=2))
    if draw(st.booleans()):
        return arxiv(draw(st.sampled_from("AB")), "1", *who, **more)
    return s2("A", draw(st.sampled_from("xy")), *who, ids={"doi": draw(texts) or None}, **more)


@given(st.lists(records(), min_size=1, max_size=5), st.randoms())
def test_merging_does_not_depend_on_order_or_repetition(
    found: list[Record], random: object
) -> None:
    """The same records in another order, or told twice, make the same paper."""
    paper = merge("p", (), found)
    shuffled = [*found, *found]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge("p", (), shuffled) == paper


@given(st.lists(records(), min_size=1, max_size=5))
def test_every_value_comes_from_a_record(found: list[Record]) -> None:
    """Nothing is made up, nothing empty is kept, and counts come from one look."""
    paper = merge("p", (), found)
    assert paper.abstract in {r.abstract for r in found} | {None}
    assert paper.abstract != ""
    counts = (paper.citation_count, paper.reference_count, paper.counts_observed_at)
    looks = {(r.citation_count, r.reference_count, r.counts_observed_at) for r in found}
    assert counts in looks | {(None, None, None)}
