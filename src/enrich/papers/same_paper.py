"""Which records describe one paper: the same record from two services, or duplicates of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from enrich.papers.author_names import surname
from enrich.papers.identifiers import id_keys
from enrich.papers.title_difference import veto
from enrich.papers.titles import Title
from enrich.records import Identifiers, Record

# A journal may print what was a preprint this many years before.
YEARS_APART: Final = 3
# How alike (0-100) the titles of two records that share an identifier have to be.
SHARED_ID_LIKENESS: Final = 80
# Share of the shorter author list that two records of one paper have in common: the first with the
# same first author, the second without.
SAME_PEOPLE: Final = 0.5
SAME_PEOPLE_OTHER_FIRST: Final = 0.75
# A title of fewer words may well be another paper's where a record names no authors.
_TELLING_WORDS: Final = 5


def one_paper(one: Record, other: Record) -> bool:
    """Whether two records describe one paper, so that they are merged into one row.

    A shared identifier counts only where the titles agree or the authors do: the identifiers that
    a service attaches to a record are sometimes another paper's. Without one, title and authors
    have to be the same and the years near: preprint, proceedings and journal version of one paper.
    A record without authors would join two papers of one title; two arXiv ids are two papers.
    """
    shared = set(id_keys(one.ids)) & set(id_keys(other.ids))
    same_title = Title.of(one.title).key == Title.of(other.title).key
    if shared:
        return same_title or _alike(one.title, other.title) or _same_people(one, other) is True
    if not same_title or _two_arxiv_ids(one.ids, other.ids):
        return False
    return _years_near(one, other) and _same_people(one, other) is True


def other_paper(one: Record, other: Record) -> bool:
    """Whether two records that share an identifier agree in nothing else."""
    return not one_paper(one, other) and _same_people(one, other) is False


def one_work(one: Record, other: Record) -> bool:
    """Whether either of two records is a right answer for a title that both have.

    Wider than `one_paper`, and never a reason to merge: an extended abstract and the article of
    one title by the same people, two postings of one text, and a duplicate record that names
    neither authors nor a publication of its own. Papers of one title by other people, or years
    apart, stay two works.
    """
    if one_paper(one, other):
        return True
    title, other_title = Title.of(one.title), Title.of(other.title)
    if title.key != other_title.key or not _years_near(one, other):
        return False
    same_people = _same_people(one, other)
    if same_people is not None:
        return same_people
    bare = one if not one.authors else other
    return len(title.words) >= _TELLING_WORDS and bare.ids.doi is None and bare.ids.arxiv_id is None


def group(records: Sequence[Record]) -> list[list[int]]:
    """The positions of the records, put together by paper; in order of first appearance."""
    leader = list(range(len(records)))
    met: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        # Only records that share an id or a title can be one paper.
        handles = (*id_keys(record.ids), "title:" + Title.of(record.title).key)
        for other in sorted({i for handle in handles for i in met.get(handle, ())}):
            if leader[other] != leader[place] and one_paper(records[other], record):
                old, new = sorted((leader[other], leader[place]), reverse=True)
                leader = [new if one == old else one for one in leader]
        for handle in handles:
            met.setdefault(handle, []).append(place)
    groups: dict[int, list[int]] = {}
    for place, one in enumerate(leader):
        groups.setdefault(one, []).append(place)
    return list(groups.values())


def _alike(one: str, other: str) -> bool:
    title, other_title = Title.of(one), Title.of(other)
    likeness = fuzz.ratio(title.plain, other_title.plain)
    return likeness >= SHARED_ID_LIKENESS and veto(title, other_title) is None


def _same_people(one: Record, other: Record) -> bool | None:
    """Whether the records name the same people; None where one of them names nobody."""
    if not one.authors or not other.authors:
        return None
    names = {surname(a.name) for a in one.authors}, {surname(a.name) for a in other.authors}
    first = surname(one.authors[0].name) == surname(other.authors[0].name)
    overlap = len(names[0] & names[1]) / min(len(names[0]), len(names[1]))
    return overlap >= (SAME_PEOPLE if first else SAME_PEOPLE_OTHER_FIRST)


def _years_near(one: Record, other: Record) -> bool:
    if one.year is None or other.year is None:
        return True
    return abs(one.year - other.year) <= YEARS_APART


def _two_arxiv_ids(one: Identifiers, other: Identifiers) -> bool:
    # Two arXiv ids are two papers, whatever their titles; a DOI may well differ from a preprint's.
    return bool(one.arxiv_id and other.arxiv_id and one.arxiv_id != other.arxiv_id)
