"""What every command's module is made of: a typer app and a `main(argv) -> exit code`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from enrich.cli.exit_codes import run_guarded

Main = Callable[..., int]


def new_app(**settings: Any) -> typer.Typer:
    """A typer app as every command has one; `settings` are further arguments of typer.Typer."""
    return typer.Typer(
        **{"add_completion": False, **settings},
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


def entry_point(app: typer.Typer, name: str) -> Main:
    """The `main` of a module: runs `app` as `name` and returns its exit code, never raises."""

    def main(argv: list[str] | None = None) -> int:
        """Run with `argv` (default: the process's); returns the exit code."""
        return run_guarded(app, argv, name)

    return main
