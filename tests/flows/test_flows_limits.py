"""Turns: over all hosts of a server, one asks a service at a time, and nobody keeps it for ever."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import concurrency_limits
import pytest
from concurrency_limits import LIMITS, Turn
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate

from enrich.errors import Unavailable, UsageError

# A server takes ten seconds to start, on a machine that has nothing else to do.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NAME = LIMITS["arxiv"]


def _held() -> int:
    with get_client(sync_client=True) as client:
        return client.read_global_concurrency_limit_by_name(NAME).active_slots


def test_slot_is_kept_between_requests_and_given_back(ready: Mapping[str, str]) -> None:
    """Rule: one turn serves many requests, and the slot is free when the run is done."""
    turn = Turn("arxiv", interval=0.01, patience=20)
    for _ in range(3):
        with turn.speak():
            assert _held() == 1
        assert _held() == 1
    turn.close()
    assert _held() == 0


def test_two_runs_never_speak_at_once(
    ready: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule: requests of two runs do not overlap, and both runs get their turns."""
    monkeypatch.setattr(concurrency_limits, "TURN_SECONDS", 0.0)  # every request is a turn
    speaking: list[str] = []
    heard: list[list[str]] = []

    def run(name: str, turn: Turn) -> None:
        for _ in range(3):
            with turn.speak():
                speaking.append(name)
                heard.append(list(speaking))
                speaking.remove(name)
        turn.close()

    runs = [
        threading.Thread(target=run, args=(name, Turn("arxiv", interval=0.01, patience=60)))
        for name in ("one host", "another host")
    ]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert sorted(heard) == [["another host"]] * 3 + [["one host"]] * 3
    assert _held() == 0


def test_a_stuck_slot_is_an_outage_with_a_cure(ready: Mapping[str, str]) -> None:
    """Rule: a slot that nobody gives back ends the waiting, as pending entries and a sentence."""
    turn = Turn("arxiv", interval=0.01, patience=1)
    _hold_slots(1)
    try:
        with pytest.raises(Unavailable, match=f"gcl update {NAME} --active-slots 0"), turn.speak():
            pass
    finally:
        _hold_slots(0)
    turn.close()


def test_a_limit_that_vanishes_is_an_error(ready: Mapping[str, str]) -> None:
    """Rule: without the limit nothing is asked, in the middle of a run too."""
    turn = Turn("semantic_scholar", interval=0.01, patience=5)
    with get_client(sync_client=True) as client:
        client.delete_global_concurrency_limit_by_name(LIMITS["semantic_scholar"])
    with pytest.raises(UsageError, match=r"python flows/setup\.py"), turn.speak():
        raise AssertionError("unreachable: there is no turn to speak in")
    turn.close()


def _hold_slots(slots: int) -> None:
    with get_client(sync_client=True) as client:
        client.update_global_concurrency_limit(
            NAME, GlobalConcurrencyLimitUpdate(active_slots=slots)
        )
