"""Read and parse the lists of a run, with the overrides that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from enrich.errors import EnrichError, UsageError
from enrich.observer import Observer
from enrich.parsing import ListText, find_lists, parse_list, read_list
from enrich.records import Override, ParsedList
from enrich.resolve.declines import load_declined
from enrich.resolve.overrides import apply_overrides, load_overrides
from enrich.snapshot.reading import published_entries, published_titles

RAW = Path("data/raw")


@dataclass(frozen=True, slots=True)
class Job:
    """One list, read and parsed, with its overrides."""

    text: ListText
    parsed: ParsedList
    overrides: Mapping[str, Override]
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """A list that cannot be run, and why."""

    location: str
    error: EnrichError


def prepare(
    locations: Sequence[str],
    observer: Observer,
    *,
    raw: Path = RAW,
    name: str | None = None,
    out: Path | None = None,
) -> tuple[tuple[Job, ...], tuple[Problem, ...]]:
    """Read and parse every list named, or every list in `raw` when none is named.

    Args:
        locations: Paths, URLs or `github:…`; one that is named twice is run once.
        observer: Sees each parsing as a stage.
        raw: The folder of the lists, and of the overrides of lists from elsewhere.
        name: Publish the list under this name; for a single list.
        out: The folder of the snapshots; entries that are there keep their ids.

    Returns:
        The lists that can be run, and those that cannot with the reason. Nothing has been asked
        or written.

    Raises:
        UsageError: When there is no list at all, or `name` is given for several.
    """
    named = tuple(dict.fromkeys(locations or find_lists(raw)))
    if not named:
        raise UsageError(f"There is no list in {raw}: put one there, or name one.")
    if name is not None and len(named) > 1:
        raise UsageError(f"--name names one list, but there are {len(named)}: run them one by one.")
    texts: list[ListText] = []
    problems: list[Problem] = []
    for location in named:
        try:
            text = read_list(location)
            texts.append(replace(text, slug=slug_of(name)) if name is not None else text)
        except EnrichError as error:
            problems.append(Problem(location, error))
    jobs: list[Job] = []
    for text in texts:
        others = [other.location for other in texts if other.slug == text.slug]
        try:
            if len(others) > 1:
                raise UsageError(
                    f"{' and '.join(others)} would both be published as '{text.slug}': run one of "
                    "them with --name, or rename a file."
                )
            jobs.append(observer.stage(f"parse {text.slug}", partial(parse, text, raw, out)))
        except EnrichError as error:
            problems.append(Problem(text.location, error))
    return tuple(jobs), tuple(problems)


def slug_of(name: str) -> str:
    """The name of a list's folder, made of `name`; raises UsageError when nothing is left of it."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        raise UsageError(f"The name {name!r} has no letter a-z and no digit: give another --name.")
    return slug


def parse(text: ListText, raw: Path = RAW, out: Path | None = None) -> Job:
    """Parse one list and apply the overrides file beside it (or in `raw`).

    From the list's newest snapshot in `out`, entries keep their ids, and the titles of papers that
    entries name by an identifier check which part of an entry is its title.

    Args:
        text: The list's text.
        raw: The folder of the overrides of lists from elsewhere.
        out: The folder of the snapshots; None reads no earlier one.

    Raises:
        ListError: The text cannot be read as a list.
        OverrideError: The overrides file breaks its rules.
    """
    if out:
        known = published_titles(out, text.slug)
        parsed = parse_list(text, published_entries(out, text.slug), known)
    else:
        parsed = parse_list(text)
    folder = Path(text.location).parent if Path(text.location).is_file() else raw
    entries, overrides, issues = apply_overrides(parsed.entries, load_overrides(folder, text.slug))
    parsed = replace(parsed, entries=entries, issues=(*parsed.issues, *issues))
    return Job(text, parsed, overrides, load_declined(folder, text.slug))
