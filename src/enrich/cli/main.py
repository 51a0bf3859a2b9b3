"""`enrich`: one command with everything in it; each part is imported when it is asked for.

A part is a module with a typer `app`; the same app answers to `python -m <module>`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# name -> the module whose `app` it is, and what it is for; in the order a new user meets them
PARTS = {
    "run": ("enrich.cli.run", "lists of papers in, enriched Parquet snapshots out"),
    "report": ("enrich.cli.report", "a snapshot as one HTML file"),
    "diff": ("enrich.cli.diff", "what changed between two snapshots"),
    "explain": ("enrich.cli.explain", "why an entry became what it is"),
    "review": ("enrich.cli.review", "decide what is ambiguous or in conflict"),
    "export": ("enrich.cli.export", "BibTeX, CSL-JSON, RIS, CSV, JSON lines, Markdown"),
    "annotate": ("enrich.cli.annotate", "citation counts and links into the list itself"),
    "lint": ("enrich.cli.lint", "what is wrong in a list, for its owner and for CI"),
    "resolve": ("enrich.cli.resolve", "a column of titles against a local index"),
    "index": ("enrich.cli.index", "make and keep a local index over the public dumps"),
    "doctor": ("enrich.cli.doctor", "does all that the design assumes of the services hold?"),
    "sandbox": ("enrich.cli.sandbox", "stand-ins of both services on this machine"),
}

EXAMPLES = """\b
Examples:
  enrich run --sandbox                 try the whole job, no network needed
  enrich run                           every list in data/raw/, live
  enrich run github:owner/repo         a list straight from GitHub
  enrich report awesome-deep           an HTML report of the newest snapshot
  enrich explain "look, listen"        why an entry became what it is
"""


class Parts(TyperGroup):
    """A group that imports a part when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table above."""
        return list(PARTS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The part's own command, or None when there is none of that name."""
        if cmd_name not in PARTS:
            return None
        command = typer.main.get_command(import_module(PARTS[cmd_name][0]).app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The parts and what they are for, without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in PARTS.items()])


app = typer.Typer(
    cls=Parts, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


def _version(wanted: bool) -> None:
    if wanted:
        from enrich.version import __version__

        typer.echo(f"enrich {__version__}")
        raise typer.Exit


@app.callback(epilog=EXAMPLES)
def enrich(
    version: bool = typer.Option(
        False, "--version", help="Show the version and exit.", callback=_version, is_eager=True
    ),
) -> None:
    """Turn curated lists of papers into data."""


def main(argv: list[str] | None = None) -> int:
    """Run `enrich` with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.exit_codes import guarded

    return guarded(app, argv, name="enrich")


if __name__ == "__main__":
    sys.exit(main())
