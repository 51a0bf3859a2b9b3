"""Made-up papers of the last weeks: what is new on the sandbox's day."""

from __future__ import annotations

import random
from datetime import date, timedelta

from enrich.sandbox.catalogue import Paper
from enrich.sandbox.synthetic import made_up_name, made_up_title

DAYS = 60  # the span of Semantic Scholar's pool of recent papers
LAG_DAYS = 2  # until Semantic Scholar has read what arXiv announced
_CATEGORIES = (("cs.CV",), ("cs.CV", "cs.LG"), ("cs.CL",), ("cs.SD", "cs.CV"), ("cs.MM",))


def recent_papers(today: date) -> list[Paper]:
    """One paper a day over the last `DAYS`; a day's paper is the same whatever `today` is."""
    return [_paper(today - timedelta(days=ago), ago >= LAG_DAYS) for ago in range(DAYS)]


def _paper(day: date, at_s2: bool) -> Paper:
    rng = random.Random(day.toordinal())  # noqa: S311  # repeatable, not secret
    return Paper(
        title=made_up_title(rng),
        authors=tuple(f"{made_up_name(rng)} {made_up_name(rng)}" for _ in range(3)),
        arxiv=f"{day:%y%m}.{80_000 + day.day:05d}",
        versions=(f"{day.isoformat()}T12:00:00Z",),
        categories=rng.choice(_CATEGORIES),
        citations=0,
        s2=at_s2,
        invented=("all",),
        why="new on the sandbox's day",
    )
