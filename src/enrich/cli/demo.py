"""`enrich demo`: the whole job on a list that comes with the package, against the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import AsJson, Quiet, option
from enrich.errors import UsageError

app = new_app()

LIST = "awesome-deep-learning-for-video-analysis.md"


@app.command()
def demo(
    out: Annotated[
        Path | None,
        option("Where the snapshot is published [default: data/sandbox; env ENRICH_OUT].", "DIR"),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a real list of 48 entries against stand-ins of both services on this machine."""
    from enrich.cli.run_lists import run_lists
    from enrich.settings import load_settings

    with Console(as_json=as_json, quiet=quiet) as console:
        code = run_lists([str(demo_list())], load_settings(out=out, sandbox=True), console)
        console.print("Next: `enrich ls`, `enrich open`, `enrich explain --sandbox TITLE`.")
    raise typer.Exit(code)


def demo_list() -> Path:
    """The list that the wheel contains; in a checkout it stands in data/raw."""
    package = Path(__file__).parents[1]
    for path in (package / "demo" / LIST, package.parents[1] / "data" / "raw" / LIST):
        if path.is_file():
            return path
    raise UsageError(
        "This installation lacks the demo's list: name one with `enrich run --sandbox`."
    )


main = entry_point(app, "enrich demo")
