"""BibTeX, CSL-JSON and RIS: one pure function each from references to text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from enrich.outputs.export import tex
from enrich.outputs.export.people import Person
from enrich.outputs.export.reference import Form, Reference
from enrich.papers.identifiers import page_address

# BibTeX defines a macro for each month; they are written without braces.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The BibTeX field that holds the venue of each type.
_VENUE_FIELD: dict[Form, str] = {
    "article": "journal", "inproceedings": "booktitle", "incollection": "booktitle",
    "book": "publisher", "phdthesis": "school", "misc": "howpublished",
}  # fmt: skip
# https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
_CSL_TYPE: dict[Form, str] = {
    "article": "article-journal", "inproceedings": "paper-conference", "incollection": "chapter",
    "book": "book", "phdthesis": "thesis", "misc": "article",
}  # fmt: skip
# Reference types of RIS; UNPB is an unpublished work.
_RIS_TYPE: dict[Form, str] = {
    "article": "JOUR", "inproceedings": "CPAPER", "incollection": "CHAP", "book": "BOOK",
    "phdthesis": "THES", "misc": "UNPB",
}  # fmt: skip


# BibTeX writes a range of pages with two hyphens.
_RANGE = re.compile(r"(?<=\w)\s*[-\u2010-\u2015]+\s*(?=\w)")


def bibtex(references: Sequence[Reference], *, ascii_only: bool = False) -> str:
    """A .bib file; published papers keep their preprint in eprint, archiveprefix, primaryclass."""
    return "\n".join(_bibtex_entry(r, ascii_only) for r in references)


def _bibtex_entry(ref: Reference, ascii_only: bool) -> str:
    def text(value: str | None) -> str | None:
        return tex.value(value, ascii_only=ascii_only) if value else None

    fields: dict[str, str | None] = {
        "title": tex.title(ref.title, ascii_only=ascii_only),
        "author": " and ".join(_bibtex_name(p, ascii_only) for p in ref.authors),
        _VENUE_FIELD[ref.form]: text(ref.venue),
        "volume": text(ref.volume),
        "pages": text(ref.pages and _RANGE.sub("--", ref.pages)),
        "year": str(ref.year) if ref.year else None,
        "doi": tex.verbatim(ref.doi) if ref.doi else None,
        "eprint": ref.arxiv_id and tex.verbatim(ref.arxiv_id),
        "archiveprefix": "arXiv" if ref.arxiv_id else None,
        "primaryclass": ref.arxiv_category if ref.arxiv_id else None,
        "url": tex.verbatim(ref.url) if ref.url else None,
        "pmid": text(ref.pmid),
        "pmcid": text(ref.pmcid),
        "keywords": text(", ".join(ref.keywords)),
        "note": text(ref.note),
        "abstract": text(ref.abstract),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if ref.on is not None:
        lines.append(f"  month = {_MONTHS[ref.on.month - 1]}")
    return f"@{ref.form}{{{ref.key},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_name(author: Person, ascii_only: bool) -> str:
    if not author.literal:
        return tex.value(author.last_first, ascii_only=ascii_only).replace(" and ", " {and} ")
    plain = tex.value(author.literal, ascii_only=ascii_only)
    # A name of several words that is nobody's first and last stays whole in braces.
    return f"{{{plain}}}" if " " in plain or "," in plain else plain


def csl_json(references: Sequence[Reference]) -> str:
    """A CSL-JSON array, as citeproc processors, Pandoc and Zotero read it."""
    return json.dumps([_csl_item(r) for r in references], ensure_ascii=False, indent=1) + "\n"


def _csl_item(ref: Reference) -> dict[str, object]:
    issued = [ref.year] if ref.year else []
    if ref.on is not None and issued:
        issued += [ref.on.month, ref.on.day]
    preprint = ref.form == "misc" and ref.arxiv_id
    notes = [ref.note] if ref.note else []
    if ref.arxiv_id and not preprint:
        notes.insert(0, f"arXiv:{ref.arxiv_id}" + _bracketed(ref.arxiv_category))
    item: dict[str, object] = {
        "id": ref.key,
        "type": _CSL_TYPE[ref.form],
        "title": ref.title,
        "author": [_csl_name(author) for author in ref.authors],
        "issued": {"date-parts": [issued]} if issued else None,
        "container-title": ref.venue if ref.form != "book" else None,
        "publisher": "arXiv" if preprint else ref.venue if ref.form == "book" else None,
        "number": f"arXiv:{ref.arxiv_id}" if preprint else None,
        "archive": "arXiv" if ref.arxiv_id else None,
        "archive_location": ref.arxiv_id,
        "volume": ref.volume,
        "page": ref.pages,
        "DOI": ref.doi,
        "PMID": ref.pmid,
        "PMCID": ref.pmcid,
        "URL": ref.url,
        "keyword": ", ".join(ref.keywords),
        "note": ". ".join(notes),
        "abstract": ref.abstract,
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(author: Person) -> dict[str, str]:
    if author.literal:
        return {"literal": author.literal}
    parts = {
        "family": author.family, "given": author.given,
        "non-dropping-particle": author.particle, "suffix": author.suffix,
    }  # fmt: skip
    return {name: value for name, value in parts.items() if value}


def ris(references: Sequence[Reference]) -> str:
    """An RIS file, with the line ends its specification asks for."""
    return "".join(f"{line}\r\n" for ref in references for line in (*_ris_lines(ref), ""))


def _ris_lines(ref: Reference) -> list[str]:
    day = ref.on.strftime("%Y/%m/%d/") if ref.on else None
    arxiv = page_address("arxiv", ref.arxiv_id) if ref.arxiv_id else None
    first, _, last = _RANGE.sub("-", ref.pages or "").partition("-")
    fields: list[tuple[str, str | None]] = [
        ("TY", _RIS_TYPE[ref.form]),
        ("ID", ref.key),
        ("TI", ref.title),
        *(("AU", author.last_first) for author in ref.authors),
        ("T2", ref.venue),
        ("VL", ref.volume),
        ("SP", first),
        ("EP", last),
        ("PY", str(ref.year) if ref.year else None),
        ("DA", day),
        ("DO", ref.doi),
        ("UR", ref.url),
        ("UR", arxiv if arxiv != ref.url else None),
        ("N1", f"arXiv:{ref.arxiv_id}{_bracketed(ref.arxiv_category)}" if ref.arxiv_id else None),
        *(("KW", keyword) for keyword in ref.keywords),
        ("N1", ref.note),
        ("AB", ref.abstract),
    ]
    return [*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "]


def _bracketed(category: str | None) -> str:
    return f" [{category}]" if category else ""
