"""`enrich index build|update|info`, also as `python -m enrich.index`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import AsJson, Quiet, option

app = new_app(
    no_args_is_help=True, help="Build and update a local index over the services' public dumps."
)

_FILES = "Path, glob or fsspec address; give the option again for more."
Arxiv = Annotated[list[str] | None, option(f"arXiv metadata. {_FILES}", "FILES", "--arxiv")]
Papers = Annotated[
    list[str] | None, option("Semantic Scholar Datasets: papers.", "FILES", "--s2-papers")
]
Abstracts = Annotated[
    list[str] | None, option("Semantic Scholar Datasets: abstracts.", "FILES", "--s2-abstracts")
]
Ids = Annotated[
    list[str] | None, option("Semantic Scholar Datasets: paper-ids.", "FILES", "--s2-ids")
]
Citations = Annotated[
    list[str] | None, option("Semantic Scholar Datasets: citations.", "FILES", "--s2-citations")
]
Workers = Annotated[int | None, option("Local processes [default: one per core].", min=1, max=256)]
Dask = Annotated[
    str | None,
    option("Map the shards on this Dask cluster, whose workers see the same paths.", "ADDRESS"),
]
Released = Annotated[
    datetime | None,
    option(
        "The dumps' release day, if their addresses and records do not give it.",
        formats=["%Y-%m-%d"],
    ),
]


@app.command()
def build(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the index is made.")],
    arxiv: Arxiv = None,
    s2_papers: Papers = None,
    s2_abstracts: Abstracts = None,
    s2_ids: Ids = None,
    s2_citations: Citations = None,
    released: Released = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Build an index from dumps as they are published. An interrupted build resumes."""
    sources = _sources(
        arxiv=arxiv, s2_papers=s2_papers, s2_abstracts=s2_abstracts, s2_ids=s2_ids,
        s2_citations=s2_citations,
    )  # fmt: skip
    _make("build", out, sources, released, workers, dask, as_json, quiet)


@app.command()
def update(
    index: Annotated[
        Path, typer.Option("--index", envvar="ENRICH_INDEX", metavar="DIR", help="The index.")
    ],
    arxiv: Arxiv = None,
    s2_papers: Papers = None,
    s2_abstracts: Abstracts = None,
    s2_ids: Ids = None,
    s2_citations: Citations = None,
    s2_deleted: Annotated[
        list[str] | None, option("A papers diff's delete files.", "FILES", "--s2-deleted")
    ] = None,
    released: Released = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Add a newer dump, or a Datasets diff (updates and deletes), to an index."""
    sources = _sources(
        arxiv=arxiv, s2_papers=s2_papers, s2_abstracts=s2_abstracts, s2_ids=s2_ids,
        s2_citations=s2_citations, s2_deleted=s2_deleted,
    )  # fmt: skip
    _make("update", index, sources, released, workers, dask, as_json, quiet)


@app.command()
def info(
    index: Annotated[
        Path, typer.Option("--index", envvar="ENRICH_INDEX", metavar="DIR", help="The index.")
    ],
    as_json: AsJson = False,
) -> None:
    """Print what an index holds, with release days."""
    from enrich.index import maintain

    _print_info(maintain.info(index), as_json)


def _sources(**given: Sequence[str] | None) -> dict[str, Sequence[str]]:
    return {kind: patterns for kind, patterns in given.items() if patterns}


def _make(
    action: str,
    root: Path,
    sources: dict[str, Sequence[str]],
    released: datetime | None,
    workers: int | None,
    dask: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    from enrich.cli.console import Console
    from enrich.clock import SystemClock
    from enrich.errors import UsageError
    from enrich.index import maintain
    from enrich.io.arrow import leave_pandas_out

    if not sources:
        raise UsageError("No dump was given: use --arxiv, --s2-papers and the other options.")
    leave_pandas_out()
    make = maintain.build if action == "build" else maintain.update
    with Console(as_json=as_json, quiet=quiet) as console:
        make(
            root, sources, clock=SystemClock(), observer=console, workers=workers, dask=dask,
            released=released.date() if released else None,
        )  # fmt: skip
    if not quiet or as_json:
        _print_info(maintain.info(root), as_json)


def _print_info(info: dict[str, Any], as_json: bool) -> None:
    from enrich.cli.console import Console

    console = Console(as_json=as_json)
    if as_json:
        console.json(info)
        return
    console.print(f"{info['path']}: built {info['built'][:16]}, {info['bytes'] / 1e6:,.0f} MB")
    for kind, held in info["kinds"].items():
        day = f", of {held['released']}" if held["released"] else ""
        console.print(f"  {kind:16}{held['rows']:>12,} rows in {held['parts']} parts{day}")
        for what in ("refused", "mended"):
            for reason, count in held[what].items():
                console.print(f"  {'':16}{count:>12,} {what}: {reason}")
    if info["replaced_rows"]:
        console.print(f"  {'':16}{info['replaced_rows']:>12,} rows replaced by newer ones")


main = entry_point(app, "python -m enrich.index")
