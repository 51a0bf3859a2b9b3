"""What is reported of overrides: code, place, message and cure, word for word."""

from __future__ import annotations

from tests.resolve.build import arxiv, entry, s2, searched

from enrich.records import Identifiers, Issue, Override
from enrich.resolve import decide
from enrich.resolve.overrides import apply_overrides


def issues(override: Override, *titles: str, ids: Identifiers | None = None) -> tuple[Issue, ...]:
    entries = [
        entry(title, entry_id=f"e{n}", ids=ids or Identifiers()) for n, title in enumerate(titles)
    ]
    return apply_overrides(entries, [override])[2]


def test_an_override_that_fits_nothing_says_how_to_correct_it() -> None:
    """It names itself and the cure; one that fits several names their number."""
    gone = Override("gone", "r", absent=True)
    (issue,) = issues(gone, "A Title")
    assert issue == Issue(
        "warning", "stale_override", "The override for 'gone' fits no entry of this list.",
        suggestion="Correct or remove it.",
    )  # fmt: skip
    (issue,) = issues(Override("Same", "r", absent=True), "Same", "same", "Other")
    assert issue == Issue(
        "warning", "stale_override",
        "The override for 'Same' fits 2 entries and was not applied.",
        suggestion="Name the entry_id instead.",
    )  # fmt: skip


def test_an_override_that_the_list_contradicts_names_the_identifier() -> None:
    """Each action is contradicted in its own words, at the entry's line."""
    ids = Identifiers(arxiv_id="1811.08383")
    told = {
        Override("e0", "r", absent=True):
            "It says that no service has this paper, but the list gives arxiv:1811.08383.",
        Override("e0", "r", pin="arxiv:1811.08383"):
            "It pins arxiv:1811.08383, which the list now gives itself.",
        Override("e0", "r", kind="code"):
            "It says that this is code, but the list gives arxiv:1811.08383.",
    }  # fmt: skip
    for override, text in told.items():
        assert issues(override, "A Title", ids=ids) == (
            Issue(
                "warning", "contradicted_override", f"The override of 'e0': {text}", "e0", 1,
                "Look at it again, and remove it if it is not needed.",
            ),
        )  # fmt: skip
    assert issues(Override("e0", "r", kind="paper"), "A Title", ids=ids) == ()
    assert issues(Override("e0", "r", pin="arxiv:1901.00001"), "A Title", ids=ids) == ()


def test_a_pinned_entry_says_who_chose_and_under_which_title() -> None:
    """The record's title is named where the list has another; a missing pin says so."""
    title = "Learning to See in the Dark"
    right, other = arxiv(title, "1805.01934"), arxiv("Quite Another Thing", "2001.00001")
    pin = Override("e", "the thesis", pin="arxiv:2001.00001")
    found = decide(entry(title), searched(right, other), override=pin)
    assert found.reason == ("A person pinned arxiv:2001.00001 (“Quite Another Thing”): the thesis")
    assert [(w.candidate.record, w.decision) for w in found.weighed] == [(other, "accepted")]
    same = Override("e", "checked", pin="arxiv:1805.01934")
    assert decide(entry(title), searched(right), override=same).reason == (
        "A person pinned arxiv:1805.01934: checked"
    )
    missing = Override("e", "gone", pin="arxiv:9901.00001")
    found = decide(entry(title), searched(right), override=missing)
    assert found.reason == "A person pinned arxiv:9901.00001, which no source has: gone"
    assert [w.candidate.record for w in found.weighed] == [right]
    twin = s2(title, "x", ids={"arxiv_id": "1805.01934"})
    absent = decide(entry(title), searched(twin), override=Override("e", "a talk", absent=True))
    assert (absent.status, absent.method) == ("unresolved", "override")
    assert absent.reason == "A person said that no service has it: a talk"


def test_of_two_overrides_for_one_entry_the_last_is_applied_and_reported() -> None:
    """Once by its id, once by its title; the same one twice is no contradiction."""
    by_id, by_title = Override("e0", "r", absent=True), Override("A Title", "r", kind="code")
    listed = [entry("A Title", entry_id="e0")]
    _, chosen, (issue,) = apply_overrides(listed, [by_id, by_title])
    assert chosen == {"e0": by_title}
    assert issue == Issue(
        "warning", "contradicted_override",
        "The override of 'A Title': It is overridden more than once; the last one is applied.",
        "e0", 1, "Look at it again, and remove it if it is not needed.",
    )  # fmt: skip
    assert apply_overrides(listed, [by_id, by_id])[2] == ()
    (settled,), _, _ = apply_overrides(listed, [by_title])
    assert (settled.kind, settled.kind_reason) == ("code", "a person said so: r")
