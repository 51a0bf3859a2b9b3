"""Every outcome names its entry, the rules and its evidence; what is looked up at all."""

from __future__ import annotations

import pytest
from tests.resolve.build import arxiv, by, entry, s2, searched

from enrich.records import Candidate, Override
from enrich.resolve import RULE_VERSION, decide, wants_lookup

TITLE = "Temporal Shift Module for Efficient Video Understanding"
RIGHT = arxiv(TITLE, "1811.08383", "Ji Lin", "Song Han", year=2018)
OTHER = arxiv("Spectral Theory of Graphs", "1601.00001", "Ann Able")
PIN = Override("e", "r", pin="arxiv:1811.08383")


@pytest.mark.parametrize(
    ("candidates", "override", "status", "method", "score"),
    [
        (searched(RIGHT), None, "resolved", "title:arxiv", 0.97),
        (searched(RIGHT), PIN, "resolved", "override", 1.0),
        (searched(OTHER), PIN, "unresolved", None, None),
        (searched(RIGHT), Override("e", "r", absent=True), "unresolved", "override", None),
        (searched(RIGHT), Override("e", "r", kind="code"), "not_a_paper", None, None),
        (searched(RIGHT), Override("e", "r", reject=("arxiv:1811.08383",)), "unresolved", None,
         None),
        (by("id:arxiv", OTHER), None, "conflict", "id:arxiv", 0.1),
        (searched(arxiv(TITLE + ": More", "1", "Ji Lin")), None, "ambiguous", None, 0.9),
        ([], None, "unresolved", None, None),
    ],
)  # fmt: skip
def test_each_outcome_names_entry_rules_method_and_score(
    candidates: list[Candidate], override: Override | None, status: str, method: str | None,
    score: float | None,
) -> None:  # fmt: skip
    """Whatever becomes of an entry, the row can be traced back to what decided it."""
    kind = override.kind if override and override.kind else "paper"
    found = decide(entry(TITLE, kind=kind), candidates, override=override)
    assert (found.entry_id, found.rule_version) == ("e", RULE_VERSION)
    assert (found.status, found.method) == (status, method)
    assert found.score is None if score is None else found.score is not None
    if status != "conflict":
        assert found.score == score
    assert (found.chosen is not None) is (status == "resolved")
    if status not in ("not_a_paper",) and not (override and override.absent):
        shown = [w.candidate for w in found.weighed]
        assert sorted(map(id, shown)) == sorted(map(id, candidates))
    pending = decide(entry(TITLE), [], unasked=frozenset({"semantic_scholar", "arxiv"}))
    assert (pending.status, pending.entry_id, pending.rule_version) == (
        "pending",
        "e",
        RULE_VERSION,
    )
    assert pending.reason == (
        "arxiv, semantic_scholar could not be asked; it is asked again next run."
    )


def test_candidates_are_ranked_and_judged_one_by_one() -> None:
    """The paper's records are accepted, the next plausible is the runner-up, others rejected."""
    twin = s2(TITLE, "tsm", "Ji Lin", "Song Han", year=2019)
    longer = arxiv(TITLE + ": More", "1901.00001", "Ji Lin", "Song Han", year=2019)
    found = decide(entry(TITLE, "Ji Lin", 2018), searched(OTHER, longer, twin, RIGHT))
    assert [(w.candidate.record, w.decision) for w in found.weighed] == [
        (RIGHT, "accepted"), (twin, "accepted"), (longer, "runner_up"), (OTHER, "rejected"),
    ]  # fmt: skip
    first = found.weighed[0]
    assert (first.title_score, first.author_score, first.year_delta) == (1.0, 1.0, 0)
    assert first.score == max(w.score for w in found.weighed)
    assert found.chosen is not None
    assert found.chosen.record is RIGHT


@pytest.mark.parametrize(
    ("title", "kind", "more", "wanted"),
    [
        ("Deep", "paper", {}, True),
        ("???", "paper", {}, False),
        ("Learning Shifts from Videos", "code", {}, True),
        ("Learning Shifts Fast", "code", {}, False),  # three words
        ("Shifts", "code", {"authors": "Ji Lin"}, True),
        ("???", "code", {"authors": "Ji Lin"}, False),
        ("Learning Shifts from Videos in PyTorch", "code", {}, False),
        ("This is about Learning Shifts", "website", {}, False),
        ("Shift Nets are a Thing for Videos", "dataset", {}, False),
        ("Learning Shifts from Videos", "post", {}, False),
        ("Shift", "post", {"arxiv_ids": ("1811.08383",)}, True),
    ],
)
def test_what_is_looked_up(title: str, kind: str, more: dict[str, object], wanted: bool) -> None:
    """Papers, what carries an id, and what is worded like a paper in four words and more."""
    assert wants_lookup(entry(title, kind=kind, **more), None) is wanted
