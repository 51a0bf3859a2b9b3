"""A failure is never an answer: refusals, short batches, poisoned ids, rejected keys, merges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from enrich.errors import Misconfigured
from enrich.records import Findings

from .conftest import Bench, statuses

S2_ENDPOINTS, ARXIV_ENDPOINT = ("batch", "bulk", "match"), "query"


def nothing_wrong(found: Findings, right: Findings) -> None:
    """Every entry is as it should be or pending."""
    for entry_id, outcome in statuses(found).items():
        assert outcome == statuses(right)[entry_id] or outcome[0] == "pending", entry_id


def heals(bench: Bench, undisturbed: Findings) -> None:
    """Once the fault is over the next run finds everything."""
    bench.box.set_faults()
    bench.clock.pass_days(1.01)
    again = bench.run()
    assert statuses(again) == statuses(undisturbed)
    assert not again.unasked


# -- 1: refusals


@pytest.mark.parametrize("status", [400, 404, 405, 410])
@pytest.mark.parametrize("service", ["s2", "arxiv"])
def test_a_wrong_address_is_an_error_of_usage(
    bench: Bench, undisturbed: Findings, service: str, status: int
) -> None:
    """Where everything is refused and nothing ever worked, a run ends before it asks twice."""
    bench.box.set_faults([f"{service}:{status}"])
    with pytest.raises(Misconfigured, match="check the address, ENRICH_") as raised:
        bench.run()
    assert raised.value.exit_code == 2
    assert bench.box.count(service) == 2, "the question and the control question"
    bench.asked()
    heals(bench, undisturbed)


@pytest.mark.parametrize("service", ["s2", "arxiv"])
def test_a_service_that_worked_before_is_pending(
    bench: Bench, undisturbed: Findings, service: str
) -> None:
    """Refusing everything after it has worked, it leaves entries pending and stores no miss."""
    bench.run(bench.entries[:12])
    bench.box.set_faults([f"{service}:404"])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    assert found.unasked
    assert any("check the address" in w for w in bench.reports.warnings)
    bench.asked()
    heals(bench, undisturbed)


@pytest.mark.parametrize("endpoint", S2_ENDPOINTS[1:])
@pytest.mark.parametrize("fault", ["404", "unknown", "other", "empty"])
def test_one_endpoint_that_refuses_or_knows_nothing(
    bench: Bench, undisturbed: Findings, endpoint: str, fault: str
) -> None:
    """An endpoint that does not find what it must know is not believed; the others go on."""
    bench.box.set_faults([f"s2/{endpoint}:{fault}"])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    assert bench.box.count("s2") < 40
    heals(bench, undisturbed)


@pytest.mark.parametrize("service", ["s2", "arxiv"])
def test_words_of_a_miss_are_not_enough(bench: Bench, undisturbed: Findings, service: str) -> None:
    """A service that answers everything in the words of a miss has no misses."""
    bench.box.set_faults([f"{service}:unknown"])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    assert found.unasked
    heals(bench, undisturbed)


# -- 2: batches that lack rows


@pytest.mark.parametrize(
    "fault", ["s2/batch:short", "s2/batch:short=3", "s2/batch:fewer", "s2/batch:lose=1811.08383"]
)
def test_a_batch_that_lacks_rows(bench: Bench, undisturbed: Findings, fault: str) -> None:
    """What has no row is asked once more and then pending; the requests are bounded."""
    bench.box.set_faults([fault])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    assert bench.box.count("s2") < 25
    heals(bench, undisturbed)


@pytest.mark.parametrize("fault", ["short", "fewer", "twice", "lose=1811.08383"])
def test_a_counts_batch_that_lacks_rows(bench: Bench, undisturbed: Findings, fault: str) -> None:
    """Counts are paired by what rows say of themselves; who has none keeps its old ones."""
    first = bench.run()
    bench.clock.pass_days(1.01)
    bench.box.set_faults([f"s2/batch:{fault}"])
    found = bench.run()
    assert statuses(found) == statuses(first)
    assert bench.box.count("s2") < 25
    for records in found.records.values():
        for record in records:
            if record.source == "semantic_scholar":
                assert record.citation_count is not None
    heals(bench, undisturbed)


# -- 3: poisoned ids and titles


@pytest.mark.parametrize(
    ("fault", "service"),
    [("s2/batch:500", "s2"), ("s2/batch:truncate", "s2"), ("arxiv:503", "arxiv")],
)
def test_a_poisoned_id(bench: Bench, undisturbed: Findings, fault: str, service: str) -> None:
    """One id that makes its batch fail is found, pending, and not asked for a day."""
    arxiv_id = "1904.01766"
    bench.box.set_faults([f"{fault}@has {arxiv_id}"])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    pending = [e for e, (status, _) in statuses(found).items() if status == "pending"]
    assert len(pending) <= 1
    assert found.unasked
    traffic = {t.service: t.health for t in found.traffic}
    assert traffic["arxiv" if service == "arxiv" else "semantic_scholar"] == "degraded"
    bench.asked()
    bench.clock.pass_days(0.1)
    bench.run()
    assert not [a for a in bench.box.requests if arxiv_id in str(a.ids)]
    heals(bench, undisturbed)


@pytest.mark.parametrize("fault", ["s2/bulk:500", "arxiv:500"])
def test_a_poisoned_title(bench: Bench, undisturbed: Findings, fault: str) -> None:
    """One title that makes its query fail costs its own entry only."""
    title = next(
        e.title
        for e in bench.entries
        if e.kind == "paper" and not e.ids.arxiv_id and len(e.title.split()) > 4
    )
    bench.box.set_faults([f"{fault}@has {title.lower()}"])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    assert sum(status == "pending" for status, _ in statuses(found).values()) <= 1
    heals(bench, undisturbed)


# -- 4: a rejected key


@pytest.mark.parametrize("fault", ["403@keyed", "401@keyed"])
def test_a_rejected_key(bench: Bench, undisturbed: Findings, fault: str) -> None:
    """What the key is refused for works without it: it is dropped, said once, and no word of it."""
    bench.box.set_faults([f"s2:{fault}"])
    found = bench.run()
    assert statuses(found) == statuses(undisturbed)
    (warning,) = bench.reports.warnings
    assert "S2_API_KEY" in warning


@pytest.mark.parametrize("fault", ["key-echo", "key-echo=403", "key-redirect"])
def test_a_service_that_echoes_the_key(bench: Bench, undisturbed: Findings, fault: str) -> None:
    """The key is masked wherever the service puts it."""
    bench.box.set_faults([f"s2:{fault}"])
    messages: list[str] = []
    try:
        nothing_wrong(found := bench.run(), undisturbed)
        messages += [r.reason for r in found.resolutions]
    except Misconfigured as error:
        messages.append(str(error))
    assert "a-key" not in " ".join([*messages, *bench.reports.warnings, *bench.reports.waits])


# -- 5: one endpoint is throttled


@pytest.mark.parametrize("endpoint", S2_ENDPOINTS)
def test_one_endpoint_is_throttled(bench: Bench, undisturbed: Findings, endpoint: str) -> None:
    """While one endpoint answers 429 the others are asked."""
    bench.box.set_faults([f"s2/{endpoint}:429"])
    found = bench.run()
    nothing_wrong(found, undisturbed)
    asked = {a.endpoint for a in bench.box.requests if a.service == "s2"}
    assert asked >= {"batch", "bulk"}
    assert any("rate limiting; waiting" in wait for wait in bench.reports.waits)
    heals(bench, undisturbed)


# -- 6: merged papers


def test_merged_papers(bench: Bench) -> None:
    """A paper under a new paperId and corpusId: counted, known under both, asked for once."""
    first = bench.run()
    bench.clock.pass_days(1.01)
    bench.box.set_faults(["s2:merged"])
    bench.asked()
    found = bench.run()
    assert statuses(found) == statuses(first)
    assert not found.unasked
    merged = 0
    for entry_id, records in found.records.items():
        old = {r.source_id for r in first.records[entry_id] if r.source == "semantic_scholar"}
        for record in records:
            if record.source == "semantic_scholar":
                merged += record.source_id not in old
                assert record.counts_observed_at
                assert bench.clock.now() - record.counts_observed_at < timedelta(hours=1)
    assert merged
    assert bench.asked()[1] <= 3
    bench.run()
    assert bench.asked() == (0, 0)
    bench.clock.pass_days(1.01)
    bench.run()
    assert bench.asked() == (0, 1)
