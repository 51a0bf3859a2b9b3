"""The published rates, on a clock held by hand."""

from __future__ import annotations

import pytest
import requests

from enrich.sandbox import Rates, Sandbox
from enrich.sandbox.limits import Limiter


class Hand:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("service", "key", "interval"), [("arxiv", None, 3.0), ("s2", "k", 1.0), ("s2", None, 6.5)]
)
@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_interval(service: str, key: str | None, interval: float, scale: float) -> None:
    """One request an interval, divided by the scale; a refused one does not start another."""
    clock = Hand()
    limiter = Limiter(Rates(), scale, clock)

    def ask() -> bool:
        admitted = limiter.admit(service, key)
        if admitted:
            limiter.done(service)
        return admitted

    assert ask()
    clock.now = interval / scale * 0.9
    assert not ask()
    clock.now = interval / scale
    assert ask()
    clock.now = interval / scale * 1.5
    assert not ask()
    limiter.reset()
    assert ask()


def test_services_and_keys_wait_apart() -> None:
    """arXiv, each key and the shared pool have limits of their own."""
    limiter = Limiter(Rates(), 1.0, Hand())
    askers = [("arxiv", None), ("s2", "a"), ("s2", "b"), ("s2", None)]
    assert [limiter.admit(*who) for who in askers] == [True] * 4
    assert [limiter.admit(*who) for who in askers] == [False] * 4


def test_arxiv_has_one_connection() -> None:
    """While one request is being answered another is refused, however long that takes."""
    clock = Hand()
    limiter = Limiter(Rates(), 1.0, clock)
    assert limiter.admit("arxiv", None)
    clock.now = 100.0
    assert not limiter.admit("arxiv", None)
    limiter.done("arxiv")
    assert limiter.admit("arxiv", None)


def test_refusals_over_http() -> None:
    """Too early is 429: `Rate exceeded.` from arXiv, JSON from the other, no Retry-After."""
    with Sandbox() as box:
        paper = f"{box.s2_url}/paper/ARXIV:1811.08383"
        arxiv = [requests.get(box.arxiv_url, {"id_list": "1811.08383"}) for _ in range(2)]
        s2 = [requests.get(paper, headers={"x-api-key": "k"}) for _ in range(2)]
        assert [a.status_code for a in (*arxiv, *s2)] == [200, 429, 200, 429]
        assert arxiv[1].text == "Rate exceeded."
        assert s2[1].json()["code"] == "429"
        assert "Retry-After" not in {**arxiv[1].headers, **s2[1].headers}
        assert [asked.status for asked in box.requests] == [200, 429, 200, 429]


def test_rates_can_be_others_than_published() -> None:
    """A deviation changes the interval, and taking it back restores the published one."""
    with Sandbox(limits=False) as box:
        box.set_deviations(["arxiv-interval=10", "s2-interval=10"])
        paper = f"{box.s2_url}/paper/ARXIV:1811.08383"
        for _ in range(2):
            requests.get(box.arxiv_url, {"id_list": "1811.08383"})
            requests.get(paper, headers={"x-api-key": "k"})
        assert [asked.status for asked in box.requests] == [200, 200, 429, 429]
        box.set_deviations()
        assert requests.get(paper, headers={"x-api-key": "k"}).status_code == 200


def test_no_limits(box: Sandbox) -> None:
    """Switched off, any pace is served."""
    answers = [requests.get(box.arxiv_url, {"id_list": "1811.08383"}) for _ in range(5)]
    assert {a.status_code for a in answers} == {200}


def test_scale_must_be_positive() -> None:
    """A scale of nothing is a clear error."""
    with pytest.raises(ValueError, match="scale must be a number above 0, not 0"):
        Sandbox(scale=0)
