"""The stages of a run in order: list text -> entries -> resolutions -> papers -> snapshot.

Every stage is implemented in the package it is imported from. The Prefect flows, the command line
and `enrich.run` call the same functions and differ in the observer they pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from enrich.clock import Clock
from enrich.errors import EnrichError, UsageError
from enrich.lookup import Lookup, Plan, open_lookup
from enrich.observer import Observer
from enrich.papers.identity import assign
from enrich.papers.merge import merge
from enrich.parsing import ListText, find_lists, parse_list, read_list
from enrich.records import (
    Entry,
    Findings,
    ListRun,
    Override,
    Paper,
    ParsedList,
    Record,
)
from enrich.resolve import RULE_VERSION
from enrich.resolve.overrides import apply_overrides, load_overrides
from enrich.settings import Settings, unknown_variables
from enrich.snapshot.gates import GateLimits
from enrich.snapshot.observations import failed_observations
from enrich.snapshot.publishing import Published, claim_root, publish
from enrich.snapshot.reading import published_identities

RAW = Path("data/raw")

# The settings with which no gate about changes since the last snapshot holds one back.
ACCEPT_CHANGES: Mapping[str, object] = {
    "gate_lost_share": 1.0,
    "gate_count_drop": 1.0,
    "gate_fallen_share": 1.0,
    "gate_same_list": False,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run of one list: its records and its published snapshot."""

    run: ListRun
    published: Published


@dataclass(frozen=True, slots=True)
class Job:
    """One list, read and parsed, with its overrides."""

    text: ListText
    parsed: ParsedList
    overrides: Mapping[str, Override]


@dataclass(frozen=True, slots=True)
class Problem:
    """A list that cannot be run, and why."""

    location: str
    error: EnrichError


def prepare(
    locations: Sequence[str], observer: Observer, *, raw: Path = RAW, name: str | None = None
) -> tuple[tuple[Job, ...], tuple[Problem, ...]]:
    """Read and parse every list named, or every list in `raw` when none is named.

    Args:
        locations: Paths, URLs or `github:…`; one that is named twice is run once.
        observer: Sees each parsing as a stage.
        raw: The folder of the lists, and of the overrides of lists from elsewhere.
        name: Publish the list under this name; for a single list.

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
            jobs.append(observer.stage(f"parse {text.slug}", partial(parse, text, raw)))
        except EnrichError as error:
            problems.append(Problem(text.location, error))
    return tuple(jobs), tuple(problems)


def slug_of(name: str) -> str:
    """The name of a list's folder, made of `name`; raises UsageError when nothing is left of it."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        raise UsageError(f"The name {name!r} has no letter a-z and no digit: give another --name.")
    return slug


def parse(text: ListText, raw: Path = RAW) -> Job:
    """Parse one list and apply the overrides file beside it (or in `raw`)."""
    parsed = parse_list(text)
    folder = Path(text.location).parent if Path(text.location).is_file() else raw
    entries, overrides, issues = apply_overrides(parsed.entries, load_overrides(folder, text.slug))
    return Job(text, replace(parsed, entries=entries, issues=(*parsed.issues, *issues)), overrides)


def matching(jobs: Sequence[Job], pattern: str | None) -> tuple[Job, ...]:
    """The lists that have an entry which `pattern` fits; all of them without a pattern.

    Raises UsageError when it fits no entry of any list.
    """
    if pattern is None:
        return tuple(jobs)
    found = tuple(job for job in jobs if any(matches(e, pattern) for e in job.parsed.entries))
    if not found:
        names = ", ".join(job.text.slug for job in jobs)
        raise UsageError(
            f"--only {pattern!r} fits no entry of {names}: it is compared with titles, sections "
            "and entry ids, as a part of them or as a glob."
        )
    return found


@contextmanager
def open_services(
    settings: Settings,
    clock: Clock,
    observer: Observer,
    *,
    asking: bool = True,
    publishing: bool = True,
) -> Iterator[tuple[Settings, Lookup]]:
    """Yield the settings and the lookup for a run; close the services afterwards.

    With `settings.sandbox` stand-ins of the services are started on loopback, and the settings
    that are returned point at them.

    Args:
        settings: The settings of the run.
        clock: The run's clock.
        observer: Receives progress and warnings.
        asking: False when no request will be made (a plan at the published limits).
        publishing: False when nothing will be written to `settings.out`.

    Raises:
        UsageError: The output folder cannot be used, see `claim_root`.
    """
    for variable, _ in unknown_variables():
        observer.warn(f"{variable} is set, but there is no such setting: it is ignored.")
    if asking and publishing:
        claim_root(settings.out, settings.mode)  # before hours of work, not after
    index = None
    if settings.index:
        from enrich.index import Index

        index = Index.open(settings.index)
    if not (settings.sandbox and asking):
        with open_lookup(settings, clock, observer, index=index) as lookup:
            yield settings, lookup
        return
    from enrich.sandbox import Sandbox

    # The sandbox is on the day of the run's clock, so that its counts belong to that day.
    day = round((clock.now() - datetime.now(UTC)) / timedelta(days=1))
    with Sandbox(scale=SANDBOX_SCALE, day=day) as box:
        pointed = settings.model_copy(
            update={
                "arxiv_url": box.arxiv_url,
                "s2_url": box.s2_url,
                "arxiv_interval": settings.arxiv_interval / SANDBOX_SCALE,
                "s2_interval": settings.s2_interval / SANDBOX_SCALE,
            }
        )
        with open_lookup(pointed, clock, observer, index=index) as lookup:
            yield pointed, lookup


# The embedded services keep the published limits, this many times faster than real time.
SANDBOX_SCALE = 100.0


def plan(job: Job, lookup: Lookup, only: str | None = None) -> Plan:
    """Estimate the requests of a run by service, with `only` for matching entries; makes none."""
    entries = job.parsed.entries
    wanted = [entry for entry in entries if only is None or matches(entry, only)]
    return lookup.plan(wanted, job.overrides)


def enrich_list(
    job: Job,
    settings: Settings,
    lookup: Lookup,
    clock: Clock,
    observer: Observer,
    *,
    only: str | None = None,
) -> Outcome:
    """Resolve, merge and publish one list.

    Args:
        job: The parsed list, from `parse`.
        settings: The settings that `open_services` yielded.
        lookup: The open services.
        clock: The run's clock.
        observer: Receives stages, progress and warnings.
        only: Pattern, see `matches`: requests are made for matching entries alone, the others are
            answered from the store.

    Returns:
        The records of the run and the published snapshot.

    Raises:
        HeldBack: A gate held the snapshot back.
    """
    name = job.text.slug
    started = clock.now()
    entries = job.parsed.entries
    wanted = [entry for entry in entries if only is None or matches(entry, only)]
    found = observer.stage(
        f"resolve {name}", lambda: _resolve(job, wanted, settings, lookup, clock, observer)
    )
    published_ids = published_identities(settings.out)
    papers, paper_of = observer.stage(
        f"merge {name}", lambda: _papers(entries, found, lookup, published_ids)
    )
    run = ListRun(
        list_slug=name,
        list_title=job.parsed.title,
        location=job.text.location,
        sha256=job.text.sha256,
        mode=settings.mode,
        rule_version=RULE_VERSION,
        started=started,
        finished=clock.now(),
        parsed=job.parsed,
        resolutions=found.resolutions,
        papers=papers,
        paper_of=paper_of,
        issues=(*job.parsed.issues, *found.issues),
        traffic=found.traffic,
        failed_observations=()
        if settings.offline
        else failed_observations(papers, paper_of, found, started),
        unasked=found.unasked,
        deferred=found.deferred,
    )
    limits = GateLimits.of(settings)
    published = observer.stage(
        f"publish {name}", lambda: publish(run, settings.out, clock=clock, limits=limits)
    )
    return Outcome(run, published)


def report(outcome: Outcome, observer: Observer) -> Path | None:
    """Write the HTML report of what was published; None when it could not be written.

    The snapshot is published already, so a failure is only a warning.
    """
    from enrich.outputs.report import write_report

    name, folder = outcome.published.list, outcome.published.path
    try:
        return observer.stage(f"report {name}", lambda: write_report(folder))
    except (EnrichError, OSError) as error:
        observer.warn(f"the report could not be written: {error}")
        return None


def matches(entry: Entry, pattern: str) -> bool:
    """Whether `pattern` (a glob, or a part, in any case) fits the id, title or a section."""
    glob = pattern.casefold() if any(c in pattern for c in "*?[") else f"*{pattern.casefold()}*"
    return any(
        fnmatchcase(text.casefold(), glob) for text in (entry.entry_id, entry.title, *entry.section)
    )


def _resolve(
    job: Job,
    wanted: Sequence[Entry],
    settings: Settings,
    lookup: Lookup,
    clock: Clock,
    observer: Observer,
) -> Findings:
    found = lookup.resolve(wanted, job.overrides)
    if len(wanted) == len(job.parsed.entries):
        return found
    asked = {entry.entry_id for entry in wanted}
    rest = [entry for entry in job.parsed.entries if entry.entry_id not in asked]
    offline = settings.model_copy(update={"offline": True})
    with open_lookup(offline, clock, observer, index=lookup.index) as remembered:
        return _join(job.parsed.entries, found, remembered.resolve(rest, job.overrides))


def _join(entries: Sequence[Entry], asked: Findings, remembered: Findings) -> Findings:
    by_id = {r.entry_id: r for r in (*asked.resolutions, *remembered.resolutions)}
    return Findings(
        resolutions=tuple(by_id[entry.entry_id] for entry in entries),
        records={**remembered.records, **asked.records},
        unasked=asked.unasked,
        deferred=asked.deferred | remembered.deferred,
        traffic=asked.traffic,
        issues=(*asked.issues, *remembered.issues),
    )


def _papers(
    entries: Sequence[Entry],
    found: Findings,
    lookup: Lookup,
    published_ids: Mapping[str, str],
) -> tuple[tuple[Paper, ...], dict[str, str]]:
    resolved = [e.entry_id for e in entries if e.entry_id in found.records]
    # Published ids take precedence over those in this machine's store.
    known = {**lookup.identities(), **published_ids}
    named = assign([found.records[entry_id] for entry_id in resolved], known)
    records: dict[str, list[Record]] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for entry_id, (paper_id, known_as) in zip(resolved, named, strict=True):
        records.setdefault(paper_id, []).extend(found.records[entry_id])
        aliases[paper_id] = known_as
    lookup.remember({alias: paper for paper, known in aliases.items() for alias in known})
    papers = tuple(merge(paper_id, aliases[paper_id], rows) for paper_id, rows in records.items())
    paper_of = {e: paper_id for e, (paper_id, _) in zip(resolved, named, strict=True)}
    return papers, paper_of
