"""What a list is missing: which works are suggested, in which order, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from enrich.graph.matching import KnownWorks
from enrich.graph.ranking import score
from enrich.graph.suggestions import recommended, suggest
from enrich.records import Identifiers, Recommendation, Reference

FAMOUS = "A Method that Everyone Uses for Training"


def work(number: int, citations: int | None = 50, **changes: Any) -> Reference:
    base = Reference(
        f"A cited work with the number {number}",
        Identifiers(s2_paper_id=f"{number:040x}", doi=f"10.1/{number}"),
        2015,
        "CVPR",
        citations,
        ("Ada Löwe",),
    )
    return replace(base, **changes)


def citing(*bibliographies: list[Reference], papers: int | None = None, **options: Any) -> Any:
    """The suggestions for a list whose papers have these bibliographies."""
    known = options.pop("known", KnownWorks())
    references = {f"arxiv:{n}": works for n, works in enumerate(bibliographies)}
    return suggest(
        references, known, papers=papers or len(references), sections=options.pop("sections", {}),
        **options,
    )  # fmt: skip


def answer(*works: Reference) -> list[Recommendation]:
    """Recommendations of one day."""
    day = datetime(2026, 11, 22, tzinfo=UTC)
    return [Recommendation(one, rank, day, day) for rank, one in enumerate(works, 1)]


def titles(suggestions: Any) -> list[str]:
    return [s.work.title for s in suggestions]


@pytest.mark.parametrize(
    ("papers", "citing_papers", "suggested"),
    [(99, 1, False), (99, 2, True), (100, 2, False), (100, 3, True)],
)
def test_how_many_papers_must_cite_a_work(papers: int, citing_papers: int, suggested: bool) -> None:
    """Two papers of a list, three from 100 papers on; a paper that cites it twice counts once."""
    found = citing(*[[work(1), work(1)]] * citing_papers, papers=papers)
    assert bool(found) == suggested


@pytest.mark.parametrize(
    ("k", "citations", "expected"),
    [(2, 9, 1.0), (14, 3400, 3.0894), (3, None, 1.8726), (5, 0, 2.8119)],
)
def test_the_score(k: int, citations: int | None, expected: float) -> None:
    """k / (1 + log10(1 + C)); a count that is unknown or lags behind is at least k."""
    assert score(k, citations) == pytest.approx(expected, abs=1e-4)


def test_the_order_and_the_reason() -> None:
    """Best score first; the sentence names papers, share, citations and section."""
    popular, niche = work(1, 9_000), work(2, 20)
    found = citing(
        [popular, niche], [popular, niche], [popular], [],
        sections={"arxiv:0": "Video", "arxiv:1": "Video", "arxiv:2": "Audio"},
    )  # fmt: skip
    assert titles(found) == [niche.title, popular.title]
    best = found[0]
    assert best.reason == (
        "Cited by 2 of the 3 papers whose references are known (67%); 20 citations overall."
    )
    assert (best.cited_by, best.section, best.known) == (("arxiv:0", "arxiv:1"), "Video", 3)
    lagging = citing([work(1, 1)], [work(1, 1)])
    assert lagging[0].reason == "Cited by 2 of the 2 papers whose references are known (100%)."


@pytest.mark.parametrize(
    ("citations", "others", "group"),
    [(20_000, 7, "widely_cited"), (19_999, 7, "missing"), (20_000, 6, "missing")],
)
def test_works_that_are_cited_everywhere_are_a_group(
    citations: int, others: int, group: str
) -> None:
    """From 20,000 citations on, unless a quarter of the papers cites the work."""
    rest = [[work(100 + n)] for n in range(others)]
    found = citing([work(1, citations)], [work(1, citations)], *rest)
    assert [s.group for s in found] == [group]


@pytest.mark.parametrize(
    "other",
    [
        Reference("Written quite otherwise in a bibliography", Identifiers(s2_paper_id="f" * 40)),
        Reference("Written quite otherwise in a bibliography", Identifiers("1406.2199")),
        Reference("Written quite otherwise in a bibliography", Identifiers(doi="10.1/list")),
        Reference("THE paper: that is in the list.", Identifiers(s2_paper_id="e" * 40)),
    ],
)
def test_what_is_in_the_list_is_not_suggested(other: Reference) -> None:
    """By paper id, arXiv id, DOI or normalised title, also under another id or as a preprint."""
    known = KnownWorks()
    aliases = ["arxiv:1406.2199", "doi:10.1/list", f"s2:{'f' * 40}"]
    known.add_paper("arxiv:1406.2199", "The paper that is in the list", aliases)
    resolved = replace(other, ids=replace(other.ids, s2_paper_id=other.ids.s2_paper_id or "d" * 40))
    assert titles(citing([resolved], [resolved], known=known)) == []
    assert known.paper_of(other.ids, other.title) == "arxiv:1406.2199"


@pytest.mark.parametrize(
    ("listed", "cited", "is_one"),
    [
        ("TSM: Temporal Shift Module for Efficient Video Understanding",
         "Temporal Shift Module for Efficient Video Understanding", True),
        ("Behaviour Modelling in Colour Videos", "Behavior Modeling in Color Videos", True),
        ("Learning CNNs from Raw Audio Signals",
         "Learning Convolutional Neural Networks from Raw Audio Signals", True),
        ("A Study of Long Videos and Sound (CVPR 2019)", "A Study of Long Videos and Sound", True),
        ("A Study of Long Videos and Sound",
         "A Study of Long Videos and Sound (Extended Abstract)", True),
        ("A Study of Long Videos and Sound",
         "A Study of Long Videos and Sound: From Frames to Scenes", True),
        ("Tracking of Many Objects, Part I", "Tracking of Many Objects, Part II", False),
        ("Learning Sound from Silent Videos", "Learning Sound from Unlabelled Videos", False),
        ("A Study of Long Videos and Sound",
         "A Study of Long Videos and Sound: A Survey", False),
        ("Video Summarization", "Video Summarization: What Viewers Want to See", False),
    ],
)  # fmt: skip
def test_another_form_of_a_title_in_the_list_is_not_suggested(
    listed: str, cited: str, is_one: bool
) -> None:
    """Labels, venues, spelling and subtitles make no other work; parts and changed words do."""
    known = KnownWorks()
    known.add_paper("arxiv:1406.2199", listed, ["arxiv:1406.2199"])
    one = work(1, title=cited)
    assert titles(citing([one], [one], known=known)) == ([] if is_one else [cited])
    found = recommended(answer(one), known, (), 3)
    assert [s.work.title for s in found] == ([] if is_one else [cited])


def test_entries_without_a_paper_are_in_the_list_too() -> None:
    """An entry that no service knows is recognised by its title."""
    known = KnownWorks()
    known.add_entry(work(1).title, None)
    assert titles(citing([work(1)], [work(1)], known=known)) == []
    assert known.paper_of(work(1).ids, work(1).title) is None


def test_a_preprint_and_its_publication_are_one_work() -> None:
    """Records that share an id or a title are counted together, under the more cited record."""
    preprint = work(1, 3, ids=Identifiers("2001.00001", s2_paper_id="a" * 40))
    published = work(1, 40)
    found = citing([preprint], [published])
    assert [(s.work, len(s.cited_by)) for s in found] == [(published, 2)]
    known = KnownWorks()
    known.add_paper("arxiv:2001.00001", None, ["arxiv:2001.00001"])
    assert citing([preprint], [published], known=known) == []


def test_short_titles_identify_nothing() -> None:
    """Two works called "Introduction" are two works."""
    one, two = (work(n, title="Introduction") for n in (1, 2))
    assert citing([one], [two]) == []


def test_unresolved_works_are_not_suggested() -> None:
    """A title that the service could not resolve counts for a resolved work, not alone."""
    unresolved = work(1, None, ids=Identifiers())
    assert citing([unresolved], [unresolved]) == []
    assert len(citing([unresolved], [work(1)])[0].cited_by) == 2


def test_a_short_title_can_be_declined() -> None:
    """What a person writes counts as it is, also a title too short to identify a work."""
    short = work(1, title="Security")
    assert citing([short], [short], declined={"title:security"}) == []


@pytest.mark.parametrize("key", ["doi:10.1/1", f"s2:{1:040x}", "title:acitedworkwiththenumber1"])
def test_declined_works_stay_away(key: str) -> None:
    """A refusal by any id or by the title keeps a work away, suggested or recommended."""
    assert citing([work(1)], [work(1)], declined={key}) == []
    assert recommended(answer(work(1)), KnownWorks(), {key}, 3) == []


def test_recommendations_hold_nothing_of_the_list_and_nothing_twice() -> None:
    """The service recommends seeds and list papers too; its order is kept."""
    known = KnownWorks()
    known.add_paper("doi:10.1/1", work(1).title, ["doi:10.1/1"])
    found = recommended(answer(work(3), work(1), work(2), work(3)), known, (), 3)
    assert [s.work for s in found] == [work(3), work(2)]
    assert {s.group for s in found} == {"new"}
