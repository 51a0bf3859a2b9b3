"""One format's text for chosen snapshots, and files that are whole or not there."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from enrich.atomic_files import replace_file
from enrich.errors import SnapshotError, UsageError
from enrich.outputs.export import bibliography, material, readable, spreadsheet
from enrich.outputs.export.material import Chosen

Format = Literal["bibtex", "csl-json", "ris", "csv", "jsonl", "markdown"]
FORMATS: tuple[str, ...] = get_args(Format)


def render(
    chosen: list[Chosen],
    form: Format,
    *,
    abstracts: bool = False,
    everything: bool = False,
    ascii_tex: bool = False,
) -> str:
    """The text of one format; bibliographies hold papers, the others a row per entry."""
    if form == "csv":
        return spreadsheet.csv_text(material.columns(), material.rows(chosen))
    if form == "jsonl":
        return spreadsheet.json_lines(material.rows(chosen))
    if form == "markdown":
        return readable.markdown(material.titles(chosen), material.rows(chosen))
    references = material.references(chosen, abstracts=abstracts, everything=everything)
    if form == "bibtex":
        return bibliography.bibtex(references, ascii_only=ascii_tex)
    return bibliography.ris(references) if form == "ris" else bibliography.csl_json(references)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, all of it or nothing; an existing file keeps its permissions.

    Raises UsageError for a folder and SnapshotError when it cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: give the name of a file with -o.")
    try:
        replace_file(path, data)
    except OSError as error:
        raise SnapshotError(
            f"{path} cannot be written ({error.strerror or error}): choose another place with -o."
        ) from error
