"""`enrich`: one command with everything in it; each part is imported when it is asked for.

A part is a module with a typer `app`; the same app answers to `python -m <module>`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# name -> the module whose `app` it is, in the order in which a new user meets them
PARTS = {
    "run": "enrich.run",
    "report": "enrich.report.command",
    "diff": "enrich.diff",
    "explain": "enrich.explain",
    "review": "enrich.review",
    "export": "enrich.export.command",
    "annotate": "enrich.annotate.command",
    "lint": "enrich.lint.command",
    "resolve": "enrich.index.resolve_command",
    "index": "enrich.index.commands",
    "doctor": "enrich.doctor",
    "sandbox": "enrich.sandbox.command",
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
        command = typer.main.get_command(import_module(PARTS[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Parts, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


def _version(wanted: bool) -> None:
    if wanted:
        from enrich import __version__

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
    from enrich.exits import guarded

    return guarded(app, argv, name="enrich")


if __name__ == "__main__":
    sys.exit(main())
