"""Identifiers as the dumps hold them: text, validated, repaired if unambiguous.

arXiv's grammar: `YYMM.NNNN` from 0704 to 1412, `YYMM.NNNNN` from 1501, `archive/YYMMNNN` before.
A table that once held ids as floating point numbers has lost zeros at both ends (`704.301` was
`0704.3010`) or gained digits (`1501.0757199999998` was `1501.07572`). The date says how many
digits there were, so a lost zero has one place to go; anything else is refused.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from enrich.papers.identifiers import bare_arxiv_id, normalise_doi, normalise_s2_id

_FLOAT: Final = re.compile(r"\d{3,4}\.\d{1,16}")
_ARXIV_DOI: Final = "10.48550/arxiv."

_FIRST_FIVE_DIGITS = (2015, 1)
# Submitted in one month and announced in the next gives the id of either.
_MONTHS_APART = 1
_MAX_CORPUS_ID = 2**63 - 1


def arxiv_id(value: object) -> str | None:
    """`value` as a bare arXiv id without version, or None if it is not valid unchanged."""
    return bare_arxiv_id(value) if isinstance(value, str) else None


def repaired_arxiv_id(value: object, first_version: date | None = None) -> str | None:
    """The id that a floating point `value` was, or None where that is not certain.

    `first_version` is the day of the paper's first version, if known: an id of another
    month than that (or the next) is refused.
    """
    text = repr(value) if isinstance(value, float) else value
    if not isinstance(text, str) or not _FLOAT.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    whole = whole.zfill(4)
    year, month = 2000 + int(whole[:2]), int(whole[2:])
    digits = 5 if (year, month) >= _FIRST_FIVE_DIGITS else 4
    if len(fraction) > digits:
        rounded = f"{float(text):.{digits}f}"
        # Noise of binary floating point sits past the 12th significant digit.
        if abs(float(rounded) - float(text)) > 1e-9:
            return None
        fraction = rounded.partition(".")[2]
    repaired = arxiv_id(f"{whole}.{fraction.ljust(digits, '0')}")
    if repaired is None or first_version is None:
        return repaired
    apart = (year - first_version.year) * 12 + month - first_version.month
    return repaired if 0 <= apart <= _MONTHS_APART else None


def doi(value: object) -> str | None:
    """`value` as a bare lower-case DOI, or None; the first one where a record names several."""
    return normalise_doi(value) if isinstance(value, str) and value.isprintable() else None


def arxiv_id_of_doi(value: str) -> str | None:
    """The arXiv id in one of arXiv's own DOIs, else None."""
    return arxiv_id(value.removeprefix(_ARXIV_DOI)) if value.startswith(_ARXIV_DOI) else None


def corpus_id(value: object) -> int | None:
    """`value` as a Semantic Scholar corpus id, or None."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= _MAX_CORPUS_ID else None


def s2_paper_id(value: object) -> str | None:
    """`value` as a 40-hex Semantic Scholar paper id, or None."""
    return normalise_s2_id(value) if isinstance(value, str) else None


def number_text(value: object) -> str | None:
    """An id that is all digits, as text (MAG, PubMed), or None."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and value.isascii() and value.isdigit() else None


def token(value: object) -> str | None:
    """An id that is one printable word (ACL, DBLP), or None."""
    if isinstance(value, str) and value and value.isprintable() and " " not in value:
        return value
    return None
