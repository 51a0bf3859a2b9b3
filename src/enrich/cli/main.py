"""`enrich COMMAND`: a module of this package per command, imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from enrich.cli.entry_point import entry_point, new_app

# name -> the module whose `app` it is, and its purpose; in the order in which a new user needs them
COMMANDS = {
    "run": ("enrich.cli.run", "lists of papers in, enriched Parquet snapshots out"),
    "demo": ("enrich.cli.demo", "the whole job on a list that comes with enrich, no network"),
    "ls": ("enrich.cli.ls", "the lists that have snapshots: age, coverage, size"),
    "open": ("enrich.cli.open_report", "the report of a list in the browser"),
    "report": ("enrich.cli.report", "a snapshot as one HTML file"),
    "site": ("enrich.cli.site", "one static site of all lists, with a search over all"),
    "diff": ("enrich.cli.diff", "what changed between two snapshots"),
    "suggest": ("enrich.cli.suggest", "works that a list is missing, and new ones"),
    "verify": ("enrich.cli.verify", "check snapshots against the hashes in their manifests"),
    "explain": ("enrich.cli.explain", "why an entry became what it is"),
    "review": ("enrich.cli.review", "decide what is ambiguous or in conflict"),
    "export": ("enrich.cli.export", "BibTeX, CSL-JSON, RIS, CSV, JSON lines, Markdown, SQLite"),
    "annotate": ("enrich.cli.annotate", "write citation counts and links into the list itself"),
    "lint": ("enrich.cli.lint", "what is wrong in a list, for its owner and for CI"),
    "resolve": ("enrich.cli.resolve", "one title, or a file of titles against a local index"),
    "index": ("enrich.cli.index", "build and update a local index over the public dumps"),
    "doctor": ("enrich.cli.doctor", "check that the services behave as the design assumes"),
    "sandbox": ("enrich.cli.sandbox", "stand-ins of both services on this machine"),
}

EXAMPLES = """\b
Examples:
  enrich demo                          try the whole job, no network needed
  enrich run                           every list in data/raw/, live
  enrich run github:owner/repo         a list straight from GitHub
  enrich report awesome-deep           an HTML report of the newest snapshot
  enrich explain "look, listen"        why an entry became what it is
"""


class LazyGroup(TyperGroup):
    """A group that imports a command's module when the command is called."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        # typer compares a misspelt command with these names; the commands come from `get_command`.
        self.commands: dict[str, Any] = dict.fromkeys(COMMANDS)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table above."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        # Only now: help and completion need no command's imports.
        command = typer.main.get_command(import_module(COMMANDS[cmd_name][0]).app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands and their purpose, without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])


app = new_app(cls=LazyGroup, no_args_is_help=True, add_completion=True)


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


main = entry_point(app, "enrich")
