"""The evidence for and against one candidate (title, authors, year) and the score made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from enrich.papers.author_names import Agreement, compare_authors, find_authors
from enrich.papers.titles import Title, plain_title
from enrich.records import Candidate, Entry, Record
from enrich.resolve.title_relation import SHORT, Kind, Relation, relate

# Years a record may be away from the list's: preprints come earlier, proceedings later.
YEARS_EARLY: Final = -1
YEARS_LATE: Final = 2
LONG: Final = 10  # words; an equal title this long is no coincidence

# The score of a title alone, by its relation to the list's: (with more words than SHORT, with
# fewer). Set so that ACCEPT separates right from wrong on the lists named TUNED in
# benchmarks/resolution.py.
_BASE: Final[dict[Kind, tuple[float, float]]] = {
    "same": (0.97, 0.88),
    "trimmed": (0.965, 0.875),
    "slip": (0.94, 0.84),
    "named": (0.935, 0.82),
    "labelled": (0.9, 0.82),
    "unlabelled": (0.9, 0.82),
    "dropped": (0.9, 0.82),
    "added": (0.76, 0.72),
    "shortened": (0.935, 0.81),
    "slips": (0.87, 0.81),
    "cut": (0.87, 0.81),
    "quoted": (0.86, 0.8),
}
# Titles whose content words differ are siblings as a rule, even by the same authors: on 3,000
# catalogue papers taken away, 60 such titles by the same authors were all other papers.
_REWORDED: Final = 0.92
# Share of the remaining doubt that a piece of evidence removes; factor that a contradiction costs.
_AUTHORS_AGREE: Final = 0.7
_YEAR_FITS: Final = 0.45
_HEADING_YEAR_FITS: Final = 0.25
_SECOND_SOURCE: Final = 0.45
_AUTHORS_DIFFER: Final = 0.92
# Other people on a title that is not quite the same: siblings by one group.
_AUTHORS_PARTLY: Final = 0.98
_YEAR_DIFFERS: Final = 0.95
# A year that only a heading states: it may be the year in which the list's owner read the paper.
_HEADING_YEAR_DIFFERS: Final = 0.96
_LISTED_ID: Final = 0.6
# The most that a title scores against which there is an objection: never plausible.
_REFUSED: Final = 0.7
# The year alone supports nothing for a title that is not quite the same.
_DATED: Final = frozenset({"same", "trimmed", "slip"})

# Relations of titles whose words differ.
REWORDED: Final[frozenset[Kind]] = frozenset({"near", "part", "other"})

# From this score on a candidate is accepted.
ACCEPT: Final = 0.93
# Software, data sets and project pages become papers only on an equal title.
STRICT: Final = frozenset({"same"})
# From this likeness on, titles that a veto separates are siblings and not one paper renamed.
SIBLING: Final = 0.75


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one candidate.

    Attributes:
        candidate: The record, and how it was found.
        title: How its title relates to the list's.
        authors: How its authors agree with the list's; None where either names nobody.
        year_delta: The record's year minus the list's; None where either has none.
        year_stated: Whether the entry itself states the year, and not only a heading above it.
        named_in_abstract: Whether the record's abstract contains the short name that the list uses.
        fits_id: Whether it was found by the list's own identifier and its title confirms that.
        score: 0-1, comparable over methods.
    """

    candidate: Candidate
    title: Relation
    authors: Agreement | None
    year_delta: int | None
    year_stated: bool
    named_in_abstract: bool
    fits_id: bool
    score: float

    @property
    def record(self) -> Record:
        """The candidate's record."""
        return self.candidate.record

    @property
    def by_id(self) -> bool:
        """Whether it was found by an identifier in the list."""
        return self.candidate.method.startswith("id:")


def weigh(entry: Entry, candidate: Candidate, second_source: bool = False) -> Evidence:
    """The evidence for one candidate.

    Args:
        entry: What the list says.
        candidate: The record put forward for it.
        second_source: Whether another source has the same paper.

    Returns:
        The evidence with its score.
    """
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
    stated = year is not None
    if year is None:
        year = entry.section_year
    delta = record.year - year if record.year is not None and year is not None else None
    by_id = candidate.method.startswith("id:")
    named = by_id and _named_in_abstract(entry.title, record)
    value = _score(title, authors, delta, stated, second_source)
    # An entry that is only an identifier has no title that could contradict it.
    fits = by_id and (not entry.title or _confirms(title, authors, delta, named))
    if fits:
        value = max(value + (1 - value) * _LISTED_ID, ACCEPT)
    return Evidence(candidate, title, authors, delta, stated, named, fits, round(value, 4))


def reworded(listed: str, found: str) -> bool:
    """Whether a record has other words for its title, so that only an id and people confirm it."""
    return relate(listed, found).kind in REWORDED


def denies(entry: Entry, record: Record) -> bool:
    """Whether a record of the paper that was found by title shows that it is another one.

    Its title has hardly a word of the list's, and the people that the list names are not its.
    """
    e = weigh(entry, Candidate(record, "title:arxiv"))
    return not e.title.shares_words and not (e.authors and e.authors.agrees)


def year_fits(delta: int | None) -> bool | None:
    """Whether a record's year lies in the window; None where one side has none."""
    return None if delta is None else YEARS_EARLY <= delta <= YEARS_LATE


def _year(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _score(
    title: Relation,
    authors: Agreement | None,
    delta: int | None,
    stated: bool,
    second_source: bool,
) -> float:
    long, short = _BASE.get(title.kind, (title.likeness * 0.9, title.likeness * 0.85))
    value = long if title.words > SHORT else short
    certain = title.kind in ("same", "trimmed") and title.words >= LONG
    if title.against:
        value = min(value, _REFUSED)
    # What neither a year nor a second source makes up for.
    doubtful = authors is not None and (
        authors.conflicts or (not authors.agrees and title.kind not in ("same", "trimmed"))
    )
    if authors is not None and authors.agrees:
        value += (1 - value) * _AUTHORS_AGREE
    elif authors is not None and authors.conflicts:
        value *= _AUTHORS_DIFFER
    elif doubtful:
        value *= _AUTHORS_PARTLY
    if year_fits(delta) is False:
        value *= 1 if certain else _YEAR_DIFFERS if stated else _HEADING_YEAR_DIFFERS
    elif title.kind in _DATED and not title.against and not doubtful:
        if year_fits(delta):
            value += (1 - value) * (_YEAR_FITS if stated else _HEADING_YEAR_FITS)
        if second_source:
            value += (1 - value) * _SECOND_SOURCE
    return value if title.kind in _BASE else min(value, _REWORDED)


def _confirms(title: Relation, authors: Agreement | None, delta: int | None, named: bool) -> bool:
    """Whether the title of the record that the list's own id names can be the entry's.

    The id says what is meant, so that variants of the title and short names pass, and labels with
    a number (`C3D: …`). A title with other words passes as a renamed paper where the authors
    are all the same; a sibling (another number, an erratum), a paper of other people and another
    paper of one of them do not.
    """
    if title.kind in ("named", "labelled", "unlabelled"):
        return title.against is None or title.against.kind == "number"
    if title.kind == "dropped" and title.against and title.against.kind == "another work":
        return authors is None or not authors.conflicts  # lists leave out "A Survey" too
    if title.kind in ("same", "trimmed", "slip", "quoted"):
        return title.against is None
    if title.against and title.likeness >= SIBLING:
        return False
    if authors is not None and authors.conflicts:
        return False
    if authors is not None and authors.complete and title.shares_words:
        return year_fits(delta) is not False
    if title.against:
        return False
    if title.kind == "near":
        return title.only_added
    if title.kind == "part":
        return title.words <= SHORT
    return named or title.kind != "other"


def _named_in_abstract(listed: str, record: Record) -> bool:
    # A list may call a paper by its method's short name ("DCGAN"), which only the abstract has.
    words = Title.of(listed).words
    if not words or len(words) > SHORT:
        return False
    text = f" {Title.of(record.title).plain} {plain_title(record.abstract or '')} "
    return any(
        f" {form}{end} " in text for form in (" ".join(words), "".join(words)) for end in ("", "s")
    )


def _around(listed: str, found: str) -> str:
    """What a reference says besides the title, the authors' names as a rule."""
    before, _, after = Title.of(listed).plain.partition(Title.of(found).plain)
    return before + " " + after
