"""The options that every command about snapshots shares, so that they read and act alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Root = Annotated[
    Path | None,
    typer.Option(
        "--root",
        metavar="DIR",
        help="The folder of the snapshots [default: data/enriched, or data/sandbox with "
        "--sandbox; env ENRICH_OUT].",
        show_default=False,
    ),
]
OfSandbox = Annotated[
    bool, typer.Option("--sandbox", help="About what sandbox runs have published.")
]
SnapshotName = Annotated[
    str,
    typer.Option("--snapshot", metavar="NAME", help="A snapshot's name or the beginning of it."),
]


def root_of(root: Path | None, sandbox: bool) -> Path:
    """The folder of the snapshots that the options name."""
    from enrich.settings import load_settings

    return load_settings(out=root, sandbox=sandbox or None).out
