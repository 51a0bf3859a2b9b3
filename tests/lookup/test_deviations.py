"""Each assumption about the services, broken on purpose: the same result by a slower way."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.clock import SystemClock
from enrich.records import Entry, Findings
from enrich.sandbox import Sandbox

from .conftest import Bench, papers, statuses

# deviation -> words of the assumption that the doctor reports; None: nothing relied on
BROKEN = {
    "s2-batch-shuffled": "order of a batch",
    "s2-unknown-dropped": "unknown identifier with null",
    "s2-unknown-fails": "unknown identifier with null",
    "s2-batch-max=10": "500 identifiers",
    "s2-versions-resolved": "ids with a version",
    "s2-bulk-or-empty": "many titles",
    "s2-bulk-or-refused": "many titles",
    "s2-bulk-max-terms=5": "as many titles as",
    "s2-bulk-phrase-loose": None,
    "s2-match-empty": "when no title matches",
    "s2-match-gone": "matches one title",
    "s2-fields-missing": "fields we rely on",
    "s2-fields-null": "fields we rely on",
    "s2-fields-refused": "fields we rely on",
    "s2-field-added": "only fields",
    "arxiv-versions-refused": "ids with a version",
    "arxiv-unknown-fails": "unknown id out",
    "arxiv-or-refused": "many titles",
    "arxiv-or-empty": "many titles",
    "arxiv-or-max=5": "as many titles as",
    "arxiv-ids-max=7": "100 ids",
    "arxiv-element-added": "only elements",
    "arxiv-classic": None,
    "url-limit=800": "as many titles as",
}


# One of each way of refusing is enough for every day; all of them with the slow tests.
FAST = {
    "s2-batch-shuffled", "s2-unknown-dropped", "s2-batch-max=10", "s2-bulk-or-empty",
    "s2-match-empty", "s2-fields-refused", "arxiv-or-refused", "arxiv-ids-max=7",
    "s2-unknown-fails",
}  # fmt: skip
SOME_FAST = [pytest.param(name, marks=() if name in FAST else pytest.mark.slow) for name in BROKEN]


@pytest.mark.parametrize("deviation", SOME_FAST)
def test_same_result_by_a_slower_way(bench: Bench, undisturbed: Findings, deviation: str) -> None:
    """A service that behaves otherwise costs requests, never papers; and is learnt."""
    bench.box.set_deviations([deviation])
    found = bench.run()
    if deviation == "s2-fields-null":
        # Without authors and years some cannot be distinguished; none may be wrong.
        right = statuses(undisturbed)
        for entry_id, (status, title) in statuses(found).items():
            assert (status, title) == right[entry_id] or status == "ambiguous"
    elif deviation == "s2-match-gone":
        # An endpoint that refuses everything answers nothing: the titles left for it stay open.
        alone = {r.entry_id for r in undisturbed.resolutions if r.status == "unresolved"}
        pending = {e for e, (status, _) in statuses(found).items() if status == "pending"}
        assert pending <= alone
        assert len(pending) == 2, "the single searches of a list of this size"
        assert {e: o for e, o in statuses(found).items() if e not in pending} == {
            e: o for e, o in statuses(undisturbed).items() if e not in pending
        }
        return
    else:
        assert statuses(found) == statuses(undisturbed)
        assert papers(found) == papers(undisturbed)
        if deviation == "s2-unknown-dropped":
            # An id without a row cannot be told from one whose row was lost: it stays open.
            only_arxiv = {
                entry_id
                for entry_id, records in papers(found).items()
                if all(source == "arxiv" for source, _ in records)
            }
            assert found.unasked == only_arxiv
            return
        assert not found.unasked
    bench.asked()
    bench.run()
    assert bench.asked() == (0, 0)


@pytest.mark.parametrize("deviation", SOME_FAST)
def test_the_doctor_reports_it(bench: Bench, deviation: str) -> None:
    """The doctor says which assumption does not hold, and what a run does instead."""
    bench.box.set_deviations([deviation])
    checks = bench.within(lambda lookup: lookup.check_services())
    red = [c for c in checks if c.state != "holds"]
    word = BROKEN[deviation]
    if word is None:
        return
    assert any(word in c.name and c.state == "broken" and c.instead for c in red), red


def test_the_doctor_is_green(bench: Bench) -> None:
    """Against services as recorded every assumption holds, in at most 22 requests."""
    checks = bench.within(lambda lookup: lookup.check_services())
    assert [c for c in checks if c.state != "holds"] == []
    assert sum(bench.asked()) <= 22


def test_every_deviation_of_the_sandbox_is_tried() -> None:
    """A deviation that the sandbox learns must be tried here."""
    from dataclasses import fields

    from enrich.sandbox.deviations import Deviations

    tried = {name.partition("=")[0] for name in BROKEN} | {
        "s2-key-refused", "arxiv-interval", "s2-interval",
    }  # fmt: skip
    assert {f.name.replace("_", "-") for f in fields(Deviations)} == tried


def test_a_refused_key_is_dropped(bench: Bench, undisturbed: Findings) -> None:
    """403 with the key and 200 without: said once with the cure, at the keyless rate from then."""
    bench.box.set_deviations(["s2-key-refused"])
    bench.box.set_faults()
    began = bench.clock.now()
    found = bench.run()
    assert statuses(found) == statuses(undisturbed)
    assert not found.unasked
    (warning,) = bench.reports.warnings
    assert "S2_API_KEY" in warning
    assert "6.5 s" in warning
    assert "a-key" not in warning
    keyless = bench.box.count("s2") - 2
    assert (bench.clock.now() - began).total_seconds() >= 6.5 * (keyless - 1)


@pytest.mark.slow
@pytest.mark.parametrize("pace", ["arxiv-interval=6", "s2-interval=3"])
def test_a_service_that_wants_more_patience_is_given_it(
    tmp_path: Path, entries: tuple[Entry, ...], undisturbed: Findings, pace: str
) -> None:
    """Refused as too fast, the run waits longer and completes; the doctor says so."""
    with Sandbox(scale=10, deviations=[pace]) as box:
        bench = Bench(box, tmp_path, entries)
        bench.clock = SystemClock(10)
        checks = bench.within(lambda lookup: lookup.check_services())
        assert any("pace" in c.name and c.state == "broken" for c in checks)
        assert statuses(bench.run()) == statuses(undisturbed)
