"""The stages of a run in order: list text -> entries -> resolutions -> papers -> snapshot.

Every stage is implemented in the package it is imported from. The Prefect flows, the command line
and `enrich.run` call the same functions and differ in the observer they pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from enrich.clock import Clock
from enrich.errors import EnrichError, UsageError
from enrich.lookup import Lookup, Plan, open_lookup
from enrich.observer import Observer
from enrich.papers.identity import assign
from enrich.papers.merge import merge
from enrich.pipeline.read_lists import RAW as RAW
from enrich.pipeline.read_lists import Job as Job
from enrich.pipeline.read_lists import Problem as Problem
from enrich.pipeline.read_lists import parse as parse
from enrich.pipeline.read_lists import prepare as prepare
from enrich.pipeline.read_lists import slug_of as slug_of
from enrich.records import (
    Entry,
    Findings,
    ListRun,
    Paper,
    Record,
)
from enrich.resolve import RULE_VERSION
from enrich.settings import Settings, unknown_variables
from enrich.snapshot.gates import GateLimits
from enrich.snapshot.observations import failed_observations
from enrich.snapshot.publishing import Published, claim_root, publish
from enrich.snapshot.reading import published_identities

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


def matching(jobs: Sequence[Job], pattern: str | None) -> tuple[Job, ...]:
    """The lists that have an entry which `pattern` fits; all of them without a pattern.

    Raises UsageError when it fits no entry of any list.
    """
    if pattern is None:
        return tuple(jobs)
    if not pattern.strip():
        raise UsageError(f"--only {pattern!r} fits everything: leave it out, or name a part.")
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
    """Estimate the requests of a run by service, with `only` for matching entries; makes none.

    Args:
        job: The parsed list.
        lookup: The open services.
        only: Pattern, see `matches`; None for all entries.
    """
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
    # Counts observed from this moment on are of this run, also those of another process.
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
    failed = () if settings.offline else failed_observations(papers, paper_of, found, started)
    references = None
    if settings.references:
        papers, references, found = observer.stage(
            f"references {name}", lambda: lookup.add_references(papers, paper_of, found)
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
        failed_observations=failed,
        unasked=found.unasked,
        deferred=found.deferred,
        references=references,
        declined=job.declined,
        recommended=lookup.recommended_so_far(name) if settings.references else (),
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
        order = [entry.entry_id for entry in job.parsed.entries]
        return found.joined(remembered.resolve(rest, job.overrides), order)


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
