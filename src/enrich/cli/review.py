"""`python -m enrich.review [LIST]`: a walk through what only a person can decide.

Ambiguous and conflicting entries of the newest snapshot, one after the other, with the candidates
side by side. What is chosen becomes an override beside the lists; the next run applies it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from enrich.cli.exit_codes import guarded
from enrich.cli.explain import candidate_table, load_stories
from enrich.cli.options import OfSandbox, Root, root_of
from enrich.errors import UsageError
from enrich.outputs.escape import printable
from enrich.records import Override
from enrich.resolve.entry_history import Story
from enrich.resolve.overrides import FILE, load_overrides, write_override

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

OPEN = ("ambiguous", "conflict")
HELP = "number: it is that one   n: none of these   a: no service has it   s: skip   q: quit"


@app.command()
def review(
    list_name: Annotated[
        str | None, typer.Argument(metavar="[LIST]", help="A list's name; default: all lists.")
    ] = None,
    root: Root = None,
    sandbox: OfSandbox = False,
    raw: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the lists and their overrides stand.")
    ] = Path("data/raw"),
) -> None:
    """Decide ambiguous and conflicting entries and write the decisions as overrides."""
    console = Console(highlight=False, soft_wrap=True)
    stories = [
        s
        for s in load_stories(list_name, "latest", root_of(root, sandbox))
        if s.entry["status"] in OPEN
    ]
    settled = {
        slug: {o.entry for o in load_overrides(raw, slug)}
        for slug in {str(s.entry["list"]) for s in stories}
    }
    waiting = [s for s in stories if s.entry["entry_id"] not in settled[str(s.entry["list"])]]
    written = walk(waiting, raw, console, console.input)
    left = len(waiting) - written
    console.print(f"{written} decided, {left} left. The next run applies what was decided.")


def walk(stories: list[Story], raw: Path, console: Console, ask: Callable[[str], str]) -> int:
    """Ask about each story in turn and write what was decided; returns how many were decided."""
    written = 0
    for place, story in enumerate(stories, 1):
        console.print(
            Text(f"\n{place}/{len(stories)}  {printable(str(story.entry['title']))}", "bold")
        )
        console.print(Text(f"  {printable(str(story.entry['reason']))}"))
        if isinstance(story.entry["authors_text"], str):
            console.print(Text(f"  the list: {printable(story.entry['authors_text'])}"))
        console.print(candidate_table(story))
        try:
            override = _decision(story, console, ask)
        except (EOFError, _Quit):
            break
        if override is not None:
            path = raw / f"{story.entry['list']}.{FILE}"
            write_override(path, override)
            console.print(Text(f"  written to {path}"))
            written += 1
    return written


class _Quit(Exception):
    """The person has had enough."""


def _decision(story: Story, console: Console, ask: Callable[[str], str]) -> Override | None:
    entry_id = str(story.entry["entry_id"])
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
                ids = tuple(dict.fromkeys(i for row in story.candidates if (i := story.id_of(row))))
                return Override(entry_id, _reason(ask, "None of those shown."), reject=ids)
            return _pin(story, entry_id, answer, ask)
        except UsageError as error:
            console.print(Text(f"  {error}"))


def _pin(story: Story, entry_id: str, answer: str, ask: Callable[[str], str]) -> Override:
    if not answer.isdecimal() or not 1 <= int(answer) <= len(story.candidates):
        raise UsageError(f"{answer!r} is no choice here.")
    chosen = story.candidates[int(answer) - 1]
    pin = story.id_of(chosen)
    if not pin:
        raise UsageError("That candidate has neither an arXiv nor a Semantic Scholar id to pin.")
    return Override(entry_id, _reason(ask, f"It is “{chosen['title']}”."), pin=pin)


def _reason(ask: Callable[[str], str], default: str) -> str:
    return ask(f"why? [{printable(default)}] ").strip() or default


def main(argv: list[str] | None = None) -> int:
    """Run with `argv` (default: the process's); returns the exit code."""
    return guarded(app, argv, "enrich review")


if __name__ == "__main__":
    sys.exit(main())
