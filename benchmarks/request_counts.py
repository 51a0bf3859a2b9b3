"""Requests and seconds of a run, beside the lower bound and beside one title at a time.

    python benchmarks/request_counts.py [--sizes 0,500,5000] [--without-packages]

Everything is asked of the sandbox at the published rates (arXiv one request in 3 s, Semantic
Scholar one in 1 s, with a key), on a clock that runs faster than the wall's; seconds are that
clock's. Size 0 is the real list; the others are lists of made-up papers of which half carry an
arXiv id and 5 % of the rest are in no catalogue.

The lower bound is what the services' batch limits allow if every identifier were known: one
request per 500 papers to Semantic Scholar and one per 100 to arXiv. The other way is what a loop
over the list with the `arxiv` and `semanticscholar` packages does: each entry on its own, by id
where it has one and else by title, at the same pace.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from enrich.clock import SystemClock
from enrich.lookup import open_lookup
from enrich.lookup.questions import questions_of
from enrich.observer import Silent
from enrich.parsing import ListText, parse_list, read_list
from enrich.records import Entry, Findings
from enrich.sandbox import Sandbox
from enrich.sandbox.synthetic import list_of, synthetic
from enrich.settings import Settings

ARXIV_SECONDS, S2_SECONDS = 3.0, 1.0
# How much faster than the wall the clock runs: the more, the more the machine's own work weighs.
OURS_SCALE, PACKAGES_SCALE = {0: 2.0}, 5.0
# The loop over a longer list is measured on this many entries and multiplied.
SAMPLE = 60
ROOT = Path(__file__).resolve().parents[1]
REAL_LIST = ROOT / "data/raw/awesome-deep-learning-for-video-analysis.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One way of asking for one list."""

    way: str
    arxiv: int
    s2: int
    seconds: float
    resolved: int


def main() -> None:
    parser = argparse.ArgumentParser(description="Requests and seconds of a run.")
    parser.add_argument("--sizes", default="0,500,5000")
    parser.add_argument("--without-packages", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results = []
    print("| list | way | arXiv | Semantic Scholar | seconds | resolved |")
    print("|---|---|--:|--:|--:|--:|")
    for size in map(int, given.sizes.split(",")):
        catalogue = synthetic(size) if size else None
        if catalogue is None:
            text = read_list(str(REAL_LIST))
        else:
            data = _linked(list_of(catalogue, size)).encode()
            text = ListText("made-up.md", "made-up", "made-up.md", data, "")
        entries = parse_list(text).entries
        rows = ours(entries, catalogue, OURS_SCALE.get(size, 5.0))
        rows.append(bound(entries))
        if not given.without_packages:
            rows.append(one_at_a_time(entries, catalogue))
        name = f"{size} entries, half with an id" if size else f"the real list, {len(entries)}"
        for row in rows:
            results.append({"list": name, **{f: getattr(row, f) for f in row.__slots__}})
            print(
                f"| {name} | {row.way} | {row.arxiv} | {row.s2} | {row.seconds:.0f} | "
                f"{row.resolved or ''} |",
                flush=True,
            )
    if given.json:
        print(json.dumps(results))


def _linked(markdown: str) -> str:
    """The list, its bare titles linked to a PDF that names no identifier, as lists have them."""
    lines = markdown.splitlines()
    return "\n".join(
        f"- [{line[2:]}](https://papers.example.org/{number}.pdf)"
        if line.startswith("- ") and "](" not in line
        else line
        for number, line in enumerate(lines)
    )


def ours(entries: Sequence[Entry], catalogue: object, scale: float) -> list[Row]:
    """Cold, again at once, and a day later."""
    rows = []
    with (
        Sandbox(scale=scale, catalogue=catalogue) as box,  # type: ignore[arg-type]
        tempfile.TemporaryDirectory() as folder,
    ):
        settings = Settings(
            arxiv_url=box.arxiv_url,
            s2_url=box.s2_url,
            arxiv_interval=ARXIV_SECONDS,
            s2_interval=S2_SECONDS,
            s2_api_key="a-key",
            store=Path(folder) / "store.sqlite",
        )
        clock = _Shifted(scale)
        for way, days in (("cold", 0.0), ("again", 0.0), ("a day later", 1.0)):
            clock.ahead += days * 86_400
            box.reset()  # its limits go by the wall, which does not know of the day that passed
            began = clock.now()
            with open_lookup(settings, clock, Silent()) as lookup:
                found = lookup.resolve(entries, {})
            seconds = (clock.now() - began).total_seconds()
            rows.append(Row(way, *_requests(found), seconds, _resolved(found)))
            assert not found.unasked
    return rows


def bound(entries: Sequence[Entry]) -> Row:
    """What batches would need if every identifier were known."""
    papers = len(questions_of(entries, {}))
    arxiv, s2 = ceil(papers / 100), ceil(papers / 500)
    waits = max((arxiv - 1) * ARXIV_SECONDS, (s2 - 1) * S2_SECONDS)
    return Row("lower bound", arxiv, s2, waits, 0)


def one_at_a_time(entries: Sequence[Entry], catalogue: object) -> Row:
    """The usual loop with the two packages; whatever comes first is taken."""
    import arxiv
    from semanticscholar import SemanticScholar
    from semanticscholar.SemanticScholarException import ObjectNotFoundException

    fields = ["title", "abstract", "citationCount", "externalIds", "authors", "year"]
    with Sandbox(scale=PACKAGES_SCALE, catalogue=catalogue) as box:  # type: ignore[arg-type]
        client = arxiv.Client(page_size=1, delay_seconds=ARXIV_SECONDS / PACKAGES_SCALE)
        client.query_url_format = box.arxiv_url + "?{}"
        scholar = SemanticScholar(api_key="a-key", retry=False)
        scholar.api_url = box.s2_url.removesuffix("/graph/v1")
        scholar._AsyncSemanticScholar.api_url = scholar.api_url
        began, resolved, last = time.monotonic(), 0, 0.0
        questions = questions_of(entries, {})
        times = max(1.0, len(questions) / SAMPLE)
        for question in questions[:SAMPLE]:
            ids, title = question.entry.ids, question.title.replace('"', " ")
            if ids.arxiv_id:
                search = arxiv.Search(id_list=[ids.arxiv_id], max_results=1)
            else:
                search = arxiv.Search(query=f'ti:"{title}"', max_results=1)
            found = bool(list(client.results(search)))
            # The package keeps no pace of its own.
            time.sleep(max(0.0, last + S2_SECONDS / PACKAGES_SCALE * 1.1 - time.monotonic()))
            last = time.monotonic()
            try:
                if ids.arxiv_id:
                    scholar.get_paper(f"ARXIV:{ids.arxiv_id}", fields=fields)
                else:
                    scholar.search_paper(title, match_title=True, fields=fields)
                found = True
            except ObjectNotFoundException:
                pass
            resolved += found
        seconds = (time.monotonic() - began) * PACKAGES_SCALE
        arxiv_requests, s2_requests = box.count("arxiv"), box.count("s2")
    return Row(
        "one at a time" + (f" ({SAMPLE} measured)" if times > 1 else ""),
        round(arxiv_requests * times),
        round(s2_requests * times),
        seconds * times,
        round(resolved * times),
    )


class _Shifted(SystemClock):
    """A fast clock that can be put ahead."""

    ahead = 0.0

    def now(self):  # type: ignore[no-untyped-def]
        from datetime import timedelta

        return super().now() + timedelta(seconds=self.ahead)


def _requests(found: Findings) -> tuple[int, int]:
    totals = {t.service: t.total for t in found.traffic}
    return totals["arxiv"], totals["semantic_scholar"]


def _resolved(found: Findings) -> int:
    return sum(r.status == "resolved" for r in found.resolutions)


if __name__ == "__main__":
    main()
