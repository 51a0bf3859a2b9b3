"""`enrich export [LIST]` and `python -m enrich.export`: a snapshot in other formats."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.options import OfSandbox, Root, SnapshotName, root_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

EPILOG = """\b
Examples:
  enrich export awesome-deep --format bibtex -o papers.bib
  enrich export awesome-deep --format bibtex --tex      accents as TeX commands
  enrich export --format csv --bom -o all.csv           for Excel
  enrich export awesome-deep -f jsonl | jq .citation_count
  enrich export awesome-deep -f ris --snapshot 2026-11
"""


class Form(StrEnum):
    """The formats, as the command line names them."""

    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    RIS = "ris"
    CSV = "csv"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


@app.command(epilog=EPILOG)
def export(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[LIST]",
            help="A list's name or the beginning of it. Default: every list that has snapshots.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        Form,
        typer.Option(
            "-f",
            "--format",
            help="bibtex, csl-json and ris hold the papers; csv, jsonl and markdown every entry.",
        ),
    ] = Form.BIBTEX,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="Where to write it [default: stdout].",
            show_default=False,
        ),
    ] = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
    all_entries: Annotated[
        bool,
        typer.Option(
            "--all-entries", help="bibtex, csl-json, ris: also papers that are not resolved."
        ),
    ] = False,
    abstracts: Annotated[
        bool, typer.Option("--abstracts", help="bibtex, csl-json, ris: with abstracts.")
    ] = False,
    tex: Annotated[
        bool, typer.Option("--tex", help="bibtex: letters beyond ASCII as TeX commands.")
    ] = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="csv: begin with a byte order mark, as Excel wants it.")
    ] = False,
) -> None:
    """Write a snapshot as BibTeX, CSL-JSON, RIS, CSV, JSON lines or Markdown. No network."""
    from enrich.errors import UsageError
    from enrich.outputs.export.material import choose
    from enrich.outputs.export.write import render, write_whole

    chosen = choose(name, snapshot, root_of(root, sandbox))
    if out is not None and any(out.resolve().is_relative_to(one.path.resolve()) for one in chosen):
        raise UsageError(
            f"{out} lies in a published snapshot, which never changes: choose a file elsewhere."
        )
    text = render(chosen, form.value, abstracts=abstracts, everything=all_entries, ascii_tex=tex)
    data = text.encode("utf-8-sig" if bom and form is Form.CSV else "utf-8", "replace")
    if out is None:
        to_stdout(data)
    else:
        write_whole(out, data)
        typer.echo(out)


def to_stdout(data: bytes) -> None:
    """Pipe `data` as it is; on a terminal show it with its control characters made harmless."""
    if sys.stdout.isatty():
        from enrich.outputs.escape import printable

        lines = data.decode("utf-8", "replace").splitlines()
        typer.echo("\n".join(printable(line) for line in lines))
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def main(argv: list[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.exit_codes import guarded

    return guarded(app, argv, name="python -m enrich.export")


if __name__ == "__main__":
    sys.exit(main())
