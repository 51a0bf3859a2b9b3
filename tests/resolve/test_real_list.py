from __future__ import annotations

from pathlib import Path

import pytest
from tests.resolve.build import arxiv, entry, searched

from enrich.parsing import parse_list, read_list
from enrich.records import Entry
from enrich.resolve import decide, wants_lookup

LIST = Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"
NO_PAPERS = [
    "CVPR2019:Multi-Modal Learning", "AVA dataset", "PyVideoResearch", "Moments in Time",
    "Youtube-8M", "ClassyVision", "MediaPipe", "This document", "Easy to use",
    "Video Platform for Action Recognition", "3D ConvNets in Pytorch", "Awsome list",
    "Learning Cross-Modal Temporal", "SenseTime", "awesome-multimodal-ml",
]  # fmt: skip


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return parse_list(read_list(str(LIST))).entries


def test_what_is_no_paper_becomes_none(entries: tuple[Entry, ...]) -> None:
    """Tools, data sets and posts of the list are not taken for papers of a similar name."""
    for start in NO_PAPERS:
        found = [e for e in entries if start.lower() in e.raw.lower().partition("](")[0]]
        assert found, start
        for one in found:
            near = arxiv("Moments in Time Dataset: One Million Videos", "1801.03150", "M. Monfort")
            assert decide(one, searched(near)).chosen is None, one.title


def test_every_paper_of_the_list_is_looked_up(entries: tuple[Entry, ...]) -> None:
    """Thirty entries are papers, those with a repository or a project page alone included."""
    wanted = {e.title for e in entries if wants_lookup(e, None)}
    papers = [e for e in entries if e.kind == "paper"]
    assert len(papers) == 30
    assert {e.title for e in papers} <= wanted
    for part in ("Use What You Have", "HowTo100M", "Audio-Visual Scene-Aware", "Video highlight"):
        assert any(part in title for title in wanted), part


def test_papers_resolve_by_their_own_title(entries: tuple[Entry, ...]) -> None:
    """With the record at hand and no id, each paper of three words and more is found."""
    for one in entries:
        if one.kind != "paper" or len(one.title.split()) < 4:
            continue
        title = one.title.removeprefix("How2 Dataset: ")
        told = one.authors_text or dict(one.hints).get("first_author", "Ann Able")
        first = told.split(",")[0].split(" and ")[0]
        record = arxiv(title, "2001.00001", first, year=one.year)
        assert decide(one, searched(record)).status == "resolved", one.title


def test_a_data_set_that_nobody_has_is_no_paper() -> None:
    """What is only worded like a paper and found nowhere stays what the list calls it."""
    thing = entry("Sortable compilation of many video collections", kind="dataset")
    found = decide(thing, [])
    assert found.status == "not_a_paper" and "no paper" in found.reason
    assert decide(thing, [], unasked=frozenset({"arxiv"})).status == "pending"
    assert decide(entry(thing.title), []).status == "unresolved"
