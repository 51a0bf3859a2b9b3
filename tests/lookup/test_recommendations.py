"""Recommendations for a list: few requests, bad ids found, failures never taken for an answer."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

import pytest

from enrich.errors import Unavailable
from enrich.lookup.recommendations import LARGE_SECTION, seed_groups
from enrich.sandbox import embedded

SEEDS = [p.sha for p in embedded().papers if p.s2 and p.arxiv][:30]


def recommended(bench: Any, seeds: dict[str, list[str]] | None = None, **given: object) -> Any:
    """What is recommended for a list of these papers by section."""
    sections = seeds or {"Papers": SEEDS}
    return bench.within(lambda lookup: lookup.recommend("demo", sections), **given)


def test_a_list_is_asked_for_once_a_day(bench: Any) -> None:
    """One request for a list of up to 100 papers; first and last times are kept."""
    first = recommended(bench)
    assert Counter(r.endpoint for r in bench.box.requests) == {"recommendations": 1}
    assert first and all(r.work.is_resolved and r.work.title for r in first)
    assert [r.rank for r in first] == list(range(1, len(first) + 1))
    bench.asked()
    assert recommended(bench) == first and bench.asked() == (0, 0)
    bench.clock.pass_days(1.1)
    again = {r.work.ids.s2_paper_id: r for r in recommended(bench)}
    assert bench.asked()[1] == 1
    for one in first:
        kept = again[one.work.ids.s2_paper_id]
        assert kept.first_seen == one.first_seen and kept.last_seen > one.last_seen


def test_an_unknown_id_does_not_spoil_the_others(bench: Any) -> None:
    """One unknown id fails a whole call: it is halved until only that one is left out."""
    found = recommended(bench, {"Papers": [*SEEDS, "f" * 40]})
    assert {r.work.ids.s2_paper_id for r in found} >= {
        r.work.ids.s2_paper_id for r in recommended(bench)
    }
    assert found


@pytest.mark.parametrize("kind", ["500", "429", "html", "cut", "garbage", "403"])
def test_a_failure_recommends_nothing_and_forgets_nothing(bench: Any, kind: str) -> None:
    """Without an answer a first call fails; a later one shows what was recommended before."""
    bench.box.set_faults(f"s2/recommendations:{kind}")
    with pytest.raises(Unavailable):
        recommended(bench)
    bench.box.set_faults()
    bench.clock.pass_days(1.1)
    before = recommended(bench)
    assert before
    bench.box.set_faults(f"s2/recommendations:{kind}")
    bench.clock.pass_days(1.1)
    assert recommended(bench) == before


def test_large_lists_are_asked_for_by_section() -> None:
    """At most 100 papers a call; sections with few papers are asked for together."""
    assert seed_groups({}) == []
    assert seed_groups({"a": ["1", "2"], "b": ["2", "3"]}) == [["1", "2", "3"]]
    sections = {
        "large": [f"l{n}" for n in range(150)],
        "medium": [f"m{n}" for n in range(LARGE_SECTION)],
        "small": [f"s{n}" for n in range(LARGE_SECTION - 1)],
        "tiny": ["t"],
    }
    groups = seed_groups(sections)
    assert [len(group) for group in groups] == [100, 50, LARGE_SECTION, LARGE_SECTION]
    assert sorted(chain(*groups)) == sorted(chain(*sections.values()))
