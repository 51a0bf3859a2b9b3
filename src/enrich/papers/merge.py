"""Several records of one paper become one row, field by field, by one declared precedence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, Final

from enrich.paper_records import PaperFacts, columns_of
from enrich.papers.author_names import surname
from enrich.papers.titles import Title
from enrich.papers.venues import is_preprint
from enrich.records import Author, Identifiers, Paper, Record, Source

# The sources of each field, most trusted first, as `paper_records.py` declares them.
PRECEDENCE: Final[dict[str, tuple[Source, ...]]] = {
    name: column.sources for name, (_, column) in columns_of(Paper).items() if column.sources
} | {f"ids.{name}": column.sources for name, (_, column) in columns_of(Identifiers).items()}
_LISTS: Final = frozenset(f.name for f in fields(PaperFacts) if f.default == ())
# Numbers of one observation belong together: they come from one record or not at all.
_COUNTS: Final = (
    "citation_count", "influential_citation_count", "reference_count", "counts_observed_at",
)  # fmt: skip

_WITHDRAWN: Final = re.compile(
    r"\b(?:this|the) (?:paper|article|manuscript|submission|preprint|work|version|draft|note|report"
    r"|thesis|document|entry|e-?print)(?: \([^)]*\))? (?:has been|is|was|have been|is being) "
    r"(?:temporarily |now |hereby |therefore )?(?:withdrawn|retracted)"
    r"|^\W*(?:paper |article |temporarily |this version |submission )?(?:withdrawn|retracted)\b"
    r"(?! from\b(?! (?:arxiv|the arxiv)))"
    r"|\b(?:withdrawn|retracted) by (?:the |its |one of the )?(?:authors?|arxiv|submitter)"
    r"|\b(?:has|have) (?:withdrawn|retracted) (?:this|the) (?:paper|article|manuscript|submission)"
    r"|\b(?:i|we) withdraw (?:this|the) ",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(
    r"withdrawn from (?!(?:the )?arxiv)|(?:previous|earlier|older|original|first|prior) version"
    r"|(?:replaces|supersedes|corrects)\b|not (?:been )?withdrawn|withdrawn (?:paper|version) ",
    re.IGNORECASE,
)


def merge(paper_id: str, aliases: tuple[str, ...], records: Sequence[Record]) -> Paper:
    """The paper that `records` (at least one) describe; their order does not matter."""
    if not records:
        raise ValueError(f"No record was given for {paper_id}.")
    ranked = sorted(records, key=_newest_first)
    by_field = {name: _first(ranked, name) for name in PRECEDENCE if "." not in name}
    by_field |= _counts(ranked)
    ids = Identifiers(**{f.name: _first(ranked, f"ids.{f.name}") for f in fields(Identifiers)})
    by_field["authors"] = _authors(ranked, by_field["authors"])
    by_field["published_on"] = _publication_day(by_field)
    if by_field["year"] is None and by_field["arxiv_published_at"] is not None:
        by_field["year"] = by_field["arxiv_published_at"].year
    note = _withdrawal(by_field["arxiv_comment"], by_field["abstract"])
    seen_by_arxiv = any(r.source == "arxiv" for r in records)
    return Paper(
        paper_id=paper_id,
        aliases=aliases,
        ids=ids,
        fetched_at=min(r.fetched_at for r in records),
        sources=tuple(sorted({r.source for r in records})),
        abstract_source=_source_of(ranked, "abstract"),
        is_withdrawn=note is not None if seen_by_arxiv else None,
        withdrawal_note=note,
        **by_field,
    )


def _newest_first(record: Record) -> tuple[float, float, int, str, str]:
    """Newest observation first; then the fuller record; then any fixed order."""
    observed = record.counts_observed_at or record.fetched_at
    filled = sum(getattr(record, f.name) not in (None, (), "") for f in fields(Record))
    return (
        -observed.timestamp(), -record.fetched_at.timestamp(), -filled, record.source_id,
        repr(record),
    )  # fmt: skip


def _value(record: Record, name: str) -> Any:
    value = getattr(record.ids, name[4:]) if name.startswith("ids.") else getattr(record, name)
    return None if value in ("", ()) else value


def _holder(ranked: Sequence[Record], name: str) -> Record | None:
    for source in PRECEDENCE[name]:
        for record in ranked:
            if record.source == source and _value(record, name) is not None:
                return record
    return None


def _first(ranked: Sequence[Record], name: str) -> Any:
    record = _holder(ranked, name)
    if record is None:
        return () if name in _LISTS else None
    return _value(record, name)


def _source_of(ranked: Sequence[Record], name: str) -> str | None:
    record = _holder(ranked, name)
    return record.source if record else None


def _counts(ranked: Sequence[Record]) -> dict[str, Any]:
    record = _holder(ranked, "citation_count") or _holder(ranked, "reference_count")
    return {name: _value(record, name) if record else None for name in _COUNTS}


def _authors(ranked: Sequence[Record], authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """The authors of the first source, with what others know of the same names."""
    others = [r.authors for r in ranked if r.source != "arxiv" and r.authors]
    if not others:
        return authors
    known: dict[str, list[Author]] = {}
    for author in others[0]:
        for key in {Title.of(author.name).plain, _initialled(author.name)}:
            known.setdefault(key, []).append(author)
    result = []
    for author in authors:
        found = known.get(Title.of(author.name).plain) or known.get(_initialled(author.name)) or []
        namesakes = sum(_initialled(a.name) == _initialled(author.name) for a in authors)
        if len(found) == 1 and (
            namesakes == 1 or Title.of(found[0].name).plain == Title.of(author.name).plain
        ):
            author = replace(
                author,
                s2_author_id=author.s2_author_id or found[0].s2_author_id,
                affiliations=author.affiliations or found[0].affiliations,
            )
        result.append(author)
    return tuple(result)


def _initialled(name: str) -> str:
    plain = Title.of(name).plain
    return f"{plain[:1]} {surname(name)}"


def _publication_day(found: dict[str, Any]) -> Any:
    """Semantic Scholar's day, unless the paper has a venue and the day is only the preprint's."""
    day, preprint, venue = found["published_on"], found["arxiv_published_at"], found["venue"]
    if day is None or preprint is None or not venue or is_preprint(venue):
        return day
    return None if abs(day - preprint.date()) <= timedelta(days=1) else day


def _withdrawal(comment: str | None, abstract: str | None) -> str | None:
    """The sentence that says the paper is withdrawn, None where none does."""
    for text in (comment, (abstract or "")[:300]):
        for sentence in re.split(r"(?<=[.;!])\s+", text or ""):
            if _WITHDRAWN.search(sentence) and not _ELSEWHERE.search(sentence):
                return " ".join(sentence.split())
    return None
