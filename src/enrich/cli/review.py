"""`enrich review [LIST]`: decide ambiguous and conflicting entries, one after the other.

What is chosen becomes an override beside the lists; the next run applies it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.explain import load_histories, print_candidates
from enrich.cli.options import OfSandbox, Root, list_argument, snapshots_root
from enrich.errors import UsageError
from enrich.records import Override
from enrich.resolve.entry_history import EntryHistory, override_id
from enrich.resolve.overrides import FILE, load_overrides, write_override

app = new_app()

# Statuses that only a person can decide.
OPEN = ("ambiguous", "conflict")
HELP = "number: it is that one   n: none of these   a: no service has it   s: skip   q: quit"


@app.command()
def review(
    list_name: Annotated[str | None, list_argument("A list's name; default: all lists.")] = None,
    root: Root = None,
    sandbox: OfSandbox = False,
    raw: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the lists and their overrides stand.")
    ] = Path("data/raw"),
) -> None:
    """Decide ambiguous and conflicting entries and write the decisions as overrides."""
    console = Console()
    folder = snapshots_root(root, sandbox, list_name)
    histories = load_histories(list_name, "latest", str(folder))
    found = [h for h in histories if h.entry["status"] in OPEN]
    lists = {str(h.entry["list"]) for h in found}
    decided = {slug: {o.entry for o in load_overrides(raw, slug)} for slug in lists}
    waiting = [h for h in found if h.entry["entry_id"] not in decided[str(h.entry["list"])]]
    if not found:
        statuses = Counter(str(h.entry["status"]) for h in histories)
        counts = ", ".join(f"{count} {status}" for status, count in statuses.most_common())
        console.print(f"Nothing to decide: no entry is ambiguous or in conflict ({counts}).")
    elif not waiting:
        console.print(f"Nothing to decide: all {len(found)} are decided. The next run applies it.")
    else:
        written = review_entries(waiting, raw, console, console.ask)
        console.print(
            f"{written} decided, {len(waiting) - written} still open."
            + (" The next run applies what was decided." if written else "")
        )


def review_entries(
    histories: list[EntryHistory], raw: Path, console: Console, ask: Callable[[str], str]
) -> int:
    """Ask about each entry in turn and write what was decided.

    Args:
        histories: The entries to decide.
        raw: The folder in which the overrides are written.
        console: Where entries and candidates are shown.
        ask: Prints a question and returns the answer; EOFError ends the review.

    Returns:
        How many were decided.
    """
    written = 0
    for number, history in enumerate(histories, 1):
        entry = history.entry
        console.print()
        console.print(f"{number}/{len(histories)}  {entry['title']}", "bold")
        console.print(f"  {entry['list']}, {history.place}")
        if history.url:
            console.print(f"  {history.url}")
        console.print(f"  {entry['reason']}")
        if isinstance(entry["authors_text"], str):
            console.print(f"  authors in the list: {entry['authors_text']}")
        print_candidates(console, history.candidates)
        try:
            override = _decision(history, console, ask)
        except (EOFError, _Quit):
            break
        if override is not None:
            path = raw / f"{entry['list']}.{FILE}"
            write_override(path, override)
            console.print(f"  written to {path}")
            written += 1
    return written


class _Quit(Exception):
    """The person ended the review."""


def _decision(
    history: EntryHistory, console: Console, ask: Callable[[str], str]
) -> Override | None:
    entry_id = str(history.entry["entry_id"])
    while True:
        answer = ask(f"{HELP}\n> ").strip().lower()
        if answer == "q":
            raise _Quit
        if answer in ("s", ""):
            return None
        try:
            if answer == "a":
                return Override(entry_id, _reason(ask, "No service has it."), absent=True)
            if answer == "n":
                ids = dict.fromkeys(i for row in history.candidates if (i := override_id(row)))
                return Override(entry_id, _reason(ask, "None of those shown."), reject=tuple(ids))
            return _pin(history, entry_id, answer, ask)
        except UsageError as error:
            console.print(f"  {error}")


def _pin(history: EntryHistory, entry_id: str, answer: str, ask: Callable[[str], str]) -> Override:
    if not answer.isdecimal() or not 1 <= int(answer) <= len(history.candidates):
        raise UsageError(f"{answer!r} is no choice here.")
    chosen = history.candidates[int(answer) - 1]
    pin = override_id(chosen)
    if not pin:
        raise UsageError("That candidate has neither an arXiv nor a Semantic Scholar id to pin.")
    return Override(entry_id, _reason(ask, f"It is “{chosen['title']}”."), pin=pin)


def _reason(ask: Callable[[str], str], default: str) -> str:
    return ask(f"why? [{default}] ").strip() or default


main = entry_point(app, "enrich review")
