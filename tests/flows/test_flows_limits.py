"""Concurrency limits: one host of a server asks a service at a time, for a bounded time."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import concurrency_limits
import pytest
from concurrency_limits import LIMITS, SlotHolder
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate

from enrich.errors import Unavailable, UsageError

# A server takes ten seconds to start, on a machine that has nothing else to do.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NAME = LIMITS["arxiv"]


def _held() -> int:
    with get_client(sync_client=True) as client:
        return client.read_global_concurrency_limit_by_name(NAME).active_slots


def test_slot_is_held_between_requests_and_released(ready: Mapping[str, str]) -> None:
    """Rule: a slot is held over many requests, and the slot is free when the run is done."""
    holder = SlotHolder("arxiv", interval=0.01, patience=20)
    for _ in range(3):
        with holder.request():
            assert _held() == 1
        assert _held() == 1
    holder.close()
    assert _held() == 0


def test_requests_of_two_runs_never_overlap(
    ready: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule: requests of two runs do not overlap, and both runs get the slot."""
    monkeypatch.setattr(concurrency_limits, "MAX_HOLD_SECONDS", 0.0)  # release after every request
    asking: list[str] = []
    seen: list[list[str]] = []

    def run(name: str, holder: SlotHolder) -> None:
        for _ in range(3):
            with holder.request():
                asking.append(name)
                seen.append(list(asking))
                asking.remove(name)
        holder.close()

    runs = [
        threading.Thread(target=run, args=(name, SlotHolder("arxiv", interval=0.01, patience=60)))
        for name in ("one host", "another host")
    ]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert sorted(seen) == [["another host"]] * 3 + [["one host"]] * 3
    assert _held() == 0


def test_a_stuck_slot_is_an_outage_with_a_cure(ready: Mapping[str, str]) -> None:
    """Rule: a slot that is never released ends the waiting with a sentence that names the cure."""
    holder = SlotHolder("arxiv", interval=0.01, patience=1)
    _hold_slots(1)
    try:
        with (
            pytest.raises(Unavailable, match=f"gcl update {NAME} --active-slots 0"),
            holder.request(),
        ):
            pass
    finally:
        _hold_slots(0)
    holder.close()


def test_a_limit_that_vanishes_is_an_error(ready: Mapping[str, str]) -> None:
    """Rule: without the limit nothing is asked, in the middle of a run too."""
    holder = SlotHolder("semantic_scholar", interval=0.01, patience=5)
    with get_client(sync_client=True) as client:
        client.delete_global_concurrency_limit_by_name(LIMITS["semantic_scholar"])
    with pytest.raises(UsageError, match=r"python flows/setup\.py"), holder.request():
        raise AssertionError("unreachable: there is no slot")
    holder.close()


def _hold_slots(slots: int) -> None:
    with get_client(sync_client=True) as client:
        client.update_global_concurrency_limit(
            NAME, GlobalConcurrencyLimitUpdate(active_slots=slots)
        )
