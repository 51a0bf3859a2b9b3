"""Which candidates are one paper: the same record from several services, or merged ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from enrich.papers.author_names import surname
from enrich.papers.identifiers import id_keys
from enrich.papers.title_difference import veto
from enrich.papers.titles import plain_title, title_key
from enrich.records import Identifiers, Record

# A journal may print what was a preprint this many years before.
YEARS_APART: Final = 3


def one_paper(one: Record, other: Record) -> bool:
    """Whether two records describe one paper.

    A shared identifier counts only where the titles agree or the authors do: the identifiers that
    a service attaches to a record are sometimes another paper's. Without one, title and authors
    have to be the same; a record without authors would glue two papers of one title.
    """
    shared = set(id_keys(one.ids)) & set(id_keys(other.ids))
    same_title = title_key(one.title) == title_key(other.title)
    if shared:
        return same_title or _alike(one.title, other.title) or _same_people(one, other) is True
    if not same_title or _both_have_other(one.ids, other.ids):
        return False
    apart = abs(one.year - other.year) if one.year is not None and other.year is not None else 0
    return apart <= YEARS_APART and _same_people(one, other) is True


def group(records: Sequence[Record]) -> list[list[int]]:
    """The positions of the records, put together by paper; in order of first appearance."""
    leader = list(range(len(records)))
    met: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        # Only records that share an id or a title can be one paper.
        handles = (*id_keys(record.ids), "title:" + title_key(record.title))
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
    return fuzz.ratio(plain_title(one), plain_title(other)) >= 80 and veto(one, other) is None


def _same_people(one: Record, other: Record) -> bool | None:
    if not one.authors or not other.authors:
        return None
    names = {surname(a.name) for a in one.authors}, {surname(a.name) for a in other.authors}
    first = surname(one.authors[0].name) == surname(other.authors[0].name)
    overlap = len(names[0] & names[1]) / min(len(names[0]), len(names[1]))
    return overlap >= 0.5 and (first or overlap >= 0.75)


def _both_have_other(one: Identifiers, other: Identifiers) -> bool:
    # Two arXiv ids are two papers, whatever their titles; a DOI may well differ from a preprint's.
    return bool(one.arxiv_id and other.arxiv_id and one.arxiv_id != other.arxiv_id)
