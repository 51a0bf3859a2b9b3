"""What speaks for and against one candidate: title, authors, year; and the score made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from enrich.papers.author_names import Agreement, compare_authors, find_authors
from enrich.papers.titles import plain_title
from enrich.records import Candidate, Entry, Record
from enrich.resolve.title_relation import SHORT, Kind, Relation, relate

# Years a record may be away from the list's: preprints come earlier, proceedings later.
YEARS_EARLY: Final = -1
YEARS_LATE: Final = 2
LONG: Final = 10  # words; a same title this long is no coincidence

# How far a title alone goes, by how it stands to the list's: (with more words than SHORT, with
# fewer). The figures are set so that ACCEPT in decision.py parts what was right from what was
# wrong on the lists the rules were tuned on.
_BASE: Final[dict[Kind, tuple[float, float]]] = {
    "same": (0.97, 0.88),
    "trimmed": (0.965, 0.875),
    "slip": (0.94, 0.84),
    "labelled": (0.9, 0.82),
    "dropped": (0.9, 0.82),
    "added": (0.89, 0.81),
    "truncated": (0.87, 0.81),
    "quoted": (0.86, 0.8),
}
# Titles whose content words differ are siblings as a rule, even by the same authors: on 3,000
# catalogue papers taken away, 60 such titles by the same authors were all other papers.
_REWORDED: Final = 0.92
# What a witness takes away of the doubt that is left, what a contradiction takes of the score.
_AUTHORS_AGREE: Final = 0.7
_YEAR_FITS: Final = 0.45
_SECOND_SOURCE: Final = 0.45
_AUTHORS_DIFFER: Final = 0.92
_YEAR_DIFFERS: Final = 0.95
_LISTED_ID: Final = 0.6
# The year alone tells nothing of a title that is not quite the same.
_DATED: Final = frozenset({"same", "trimmed", "slip"})


# From this score on a candidate is taken.
ACCEPT: Final = 0.93
# Software, data sets and project pages become papers only on a title that is the same.
STRICT: Final = frozenset({"same"})
# From this likeness on, titles that a veto parts are siblings and not one paper renamed.
_SIBLING: Final = 0.75


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen of one candidate.

    `score` is 0-1; `fits_id`: it came up through the list's own id and its title bears that out.
    """

    candidate: Candidate
    title: Relation
    authors: Agreement | None
    year_delta: int | None
    named_in_abstract: bool
    fits_id: bool
    score: float

    @property
    def record(self) -> Record:
        """The candidate's record."""
        return self.candidate.record

    @property
    def by_id(self) -> bool:
        """Whether it came up through an identifier in the list."""
        return self.candidate.method.startswith("id:")


def weigh(entry: Entry, candidate: Candidate, second_source: bool = False) -> Evidence:
    """The evidence for one candidate; `second_source`: another source has the same paper."""
    record = candidate.record
    title = relate(entry.title, record.title)
    names = [author.name for author in record.authors]
    hints = dict(entry.hints)
    if title.kind == "quoted":
        # "A simple proof of <title>" quotes nobody: the reference itself must name the authors.
        authors = find_authors(_around(entry.title, record.title), names)
    else:
        authors = compare_authors(entry.authors_text or hints.get("first_author"), names)
    year = entry.year or _year(hints.get("year"))
    delta = record.year - year if record.year is not None and year is not None else None
    by_id = candidate.method.startswith("id:")
    named = by_id and _named_in_abstract(entry.title, record)
    value = _score(title, authors, delta, second_source)
    # An entry that is only an identifier has no title that could speak against it.
    fits = by_id and (not entry.title or _bears_out(title, authors, delta, named))
    if fits:
        value = max(value + (1 - value) * _LISTED_ID, ACCEPT)
    return Evidence(candidate, title, authors, delta, named, fits, round(value, 4))


def year_fits(delta: int | None) -> bool | None:
    """Whether a record's year lies in the window; None where one side has none."""
    return None if delta is None else YEARS_EARLY <= delta <= YEARS_LATE


def _year(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _score(
    title: Relation, authors: Agreement | None, delta: int | None, second_source: bool
) -> float:
    long, short = _BASE.get(title.kind, (title.likeness * 0.9, title.likeness * 0.85))
    value = long if title.words > SHORT else short
    certain = title.kind in ("same", "trimmed") and title.words >= LONG
    if title.against:
        value = min(value, 0.7)
    if authors is not None and authors.agrees:
        value += (1 - value) * _AUTHORS_AGREE
    elif authors is not None and authors.conflicts:
        value *= 0.97 if certain else _AUTHORS_DIFFER
    if year_fits(delta) is False:
        value *= 1 if certain else _YEAR_DIFFERS
    elif title.kind in _DATED and not title.against:
        if year_fits(delta):
            value += (1 - value) * _YEAR_FITS
        if second_source:
            value += (1 - value) * _SECOND_SOURCE
    return value if title.kind in _BASE else min(value, _REWORDED)


def _bears_out(title: Relation, authors: Agreement | None, delta: int | None, named: bool) -> bool:
    """Whether the title of the record that the list's own id names can be the entry's.

    The id says what is meant, so that variants of the title and short names pass. A title with
    other words passes as a renamed paper where the authors agree; a sibling (another number, an
    erratum) and a paper of other people do not.
    """
    if title.kind in ("same", "trimmed"):
        return True
    if title.against and title.likeness >= _SIBLING:
        return False
    if title.kind in ("labelled", "slip", "quoted"):
        return title.against is None
    if authors is not None and authors.conflicts:
        return False
    if authors is not None and authors.agrees and authors.first:
        several = authors.named * authors.score >= 2
        return (title.shares_words or several) and year_fits(delta) is not False
    if title.against:
        return False
    if title.kind == "near":
        return title.only_added
    if title.kind == "part":
        return title.words <= SHORT + 1
    return named or title.kind != "other"


def _named_in_abstract(listed: str, record: Record) -> bool:
    # A list may call a paper by its method's short name ("DCGAN"), which only the abstract tells.
    words = plain_title(listed).split()
    if not words or len(words) > SHORT:
        return False
    text = f" {plain_title(record.title)} {plain_title(record.abstract or '')} "
    return any(
        f" {form}{end} " in text for form in (" ".join(words), "".join(words)) for end in ("", "s")
    )


def _around(listed: str, found: str) -> str:
    """What a reference says besides the title, the authors' names as a rule."""
    before, _, after = plain_title(listed).partition(plain_title(found))
    return before + " " + after
