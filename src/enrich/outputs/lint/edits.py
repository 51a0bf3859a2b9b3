"""Propose edits of a list's text that fix one issue each, only where the fix is certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from enrich.outputs.annotate.equivalence import tokens_of
from enrich.outputs.annotate.places import Places
from enrich.outputs.escape import one_line
from enrich.outputs.export.reference import title_text
from enrich.outputs.lint.preprint_phrase import preprint_phrase
from enrich.outputs.list_file import ListFile
from enrich.papers.identifiers import link_identity, malformed_link, page_address
from enrich.papers.titles import plain_title, title_key
from enrich.papers.venues import short_venue, venue_and_year
from enrich.records import Entry, Issue

_LINE_END = re.compile(r"\r\n|\r|\n")
# Inline Markdown in a title. Fewer signs than for text of unknown use: a list's owner reads it.
_ACTIVE = re.compile(r"([\\`*_\[\]<>|])")
# Titles that differ in a number are those of different papers: part 1 and part 2.
_NUMBERS = re.compile(r"\d+")
_WITHDRAWN = re.compile(r"withdrawn|retracted", re.IGNORECASE)
# A title at least this alike (rapidfuzz ratio) to that of the paper whose id the entry gives is
# that title with a typo: one letter in ten.
_MIN_TYPO_RATIO = 90.0
# Words a title must have before an equal title among the candidates outweighs the entry's own id:
# shorter titles are shared by several papers.
_MIN_TITLE_WORDS = 4
# What candidates of the same title must show to be the entry's paper: most of its authors and its
# year, give or take one for the preprint.
_MIN_AUTHOR_SCORE = 0.6
_MAX_YEAR_DELTA = 1


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `new`.

    Attributes:
        code: The code of the issue that this fixes.
        position: The entry's position.
        title: The title the entry must have afterwards, None for the present one.
        arxiv_id: The arXiv id the entry must have afterwards, None for the present one.
        removed: Whether the entry is removed.
    """

    code: str
    position: int
    start: int
    end: int
    new: str
    title: str | None = None
    arxiv_id: str | None = None
    removed: bool = False


class EditProposals:
    """Edits of one list's text, proposed issue by issue."""

    def __init__(self, file: ListFile, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]
        self.entries = file.parsed.entries
        self.by_id = {entry.entry_id: entry for entry in self.entries}
        self.rows = {row["entry_id"]: row for row in file.rows("entries")}
        self.papers = {row["paper_id"]: row for row in file.rows("papers")}
        self.candidates: dict[str, list[Mapping[str, Any]]] = {}
        for row in file.rows("candidates"):
            self.candidates.setdefault(row["entry_id"], []).append(row)
        lines = _LINE_END.split(text)
        self.places = Places(lines, tokens_of("\n".join(lines)))
        self._fixes: dict[str, Callable[[Entry], Iterator[Edit]]] = {
            "dead_id": self._dead_id, "id_conflict": self._id_conflict,
            "malformed_id": self._malformed_id, "duplicate_entry": self._duplicate,
            "title_differs": self._title, "now_published": self._now_published,
            "withdrawn": self._withdrawn,
        }  # fmt: skip

    def edits(self, issue: Issue) -> Iterator[Edit]:
        """The edits that fix one issue; none where no fix is certain."""
        entry = self.by_id.get(issue.entry_id or "")
        propose = self._fixes.get(issue.code)
        if entry is not None and propose is not None:
            yield from propose(entry)

    def _span(self, entry: Entry) -> tuple[int, int]:
        last = min(entry.line_end, len(self.starts) - 1)
        return self.starts[entry.line_start - 1], self.starts[last]

    def _only_place(self, entry: Entry, wanted: str) -> tuple[int, int] | None:
        """Where `wanted` is in the entry's text, if it is there exactly once."""
        start, end = self._span(entry)
        found = [
            match.span()
            for match in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", self.text[start:end])
        ]
        if not wanted or len(found) != 1:
            return None
        return found[0][0] + start, found[0][1] + start

    def _paper(self, entry: Entry) -> Mapping[str, Any] | None:
        row = self.rows.get(entry.entry_id)
        if row is None or row["status"] != "resolved":
            return None
        return self.papers.get(row["paper_id"])

    def _dead_id(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        if paper and paper["arxiv_id"] and title_key(paper["title"]) == title_key(entry.title):
            yield from self._replaced_id(entry, paper["arxiv_id"], "dead_id")

    def _id_conflict(self, entry: Entry) -> Iterator[Edit]:
        rows = self.candidates.get(entry.entry_id, [])
        same = [row for row in rows if title_key(row["title"] or "") == title_key(entry.title)]
        known = {row["arxiv_id"] for row in same if row["arxiv_id"]}
        certain = len(known) == 1 and all(
            (row["author_score"] is None or row["author_score"] >= _MIN_AUTHOR_SCORE)
            and (row["year_delta"] is None or abs(row["year_delta"]) <= _MAX_YEAR_DELTA)
            for row in same
        )
        if certain and len(plain_title(entry.title).split()) >= _MIN_TITLE_WORDS:
            yield from self._replaced_id(entry, known.pop(), "id_conflict")

    def _replaced_id(self, entry: Entry, arxiv_id: str, code: str) -> Iterator[Edit]:
        wrong = entry.ids.arxiv_id
        if wrong is None or wrong == arxiv_id:
            return
        for url in dict.fromkeys(link.url for link in entry.links):
            place = self._only_place(entry, url)
            if link_identity(url).arxiv_id == wrong and place and url.count(wrong) == 1:
                new = re.sub(rf"{re.escape(wrong)}(?:v\d+)?", arxiv_id, url)
                yield Edit(code, entry.position, *place, new, arxiv_id=arxiv_id)

    def _malformed_id(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        if not paper or not paper["arxiv_id"] or entry.ids.arxiv_id:
            return
        if title_key(paper["title"]) != title_key(entry.title):
            return
        wrong = {x.url for x in entry.links if x.role == "paper" and malformed_link(x.url)}
        if len(wrong) != 1 or "arxiv" not in (url := wrong.pop()):
            return
        if place := self._only_place(entry, url):
            new = page_address("arxiv", paper["arxiv_id"])
            yield Edit("malformed_id", entry.position, *place, new, arxiv_id=paper["arxiv_id"])

    def _duplicate(self, entry: Entry) -> Iterator[Edit]:
        first = next(
            (
                e for e in self.entries[: entry.position]
                if e.raw.split() == entry.raw.split() and e.section == entry.section
            ),
            None,
        )  # fmt: skip
        shares_lines = any(
            other is not entry
            and other.line_start <= entry.line_end
            and other.line_end >= entry.line_start
            for other in self.entries
        )
        if first is not None and not shares_lines:
            start, end = self._span(entry)
            yield Edit("duplicate_entry", entry.position, start, end, "", removed=True)

    def _title(self, entry: Entry) -> Iterator[Edit]:
        paper, row = self._paper(entry), self.rows.get(entry.entry_id)
        if not paper or not row or not row["method"].startswith("id:"):
            return
        new, old = title_text(paper["title"]), entry.title
        a, b = plain_title(old), plain_title(new)
        typo = fuzz.ratio(a, b) >= _MIN_TYPO_RATIO and _NUMBERS.findall(a) == _NUMBERS.findall(b)
        if typo and not set(new) & set("$\\{}") and (place := self._only_place(entry, old)):
            yield Edit("title_differs", entry.position, *place, _escaped(new), title=new)

    def _now_published(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        if not paper or not paper["venue"] or not paper["year"] or not entry.venue_text:
            return
        start, end = self._span(entry)
        phrase = preprint_phrase(self.text[start:end])
        venue, year = one_line(paper["venue"]), paper["year"]
        if phrase is None or preprint_phrase(venue):
            return
        if phrase.year is not None or entry.year is None:
            new = venue_and_year(venue, year)
        elif entry.year == year:
            # The year is elsewhere in the entry.
            new = short_venue(venue, year)
        else:
            return
        place = start + phrase.start, start + phrase.end
        yield Edit("now_published", entry.position, *place, _escaped(new))

    def _withdrawn(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        place = self.places.find(entry)
        if not paper or not paper["is_withdrawn"] or _WITHDRAWN.search(entry.raw):
            return
        if not isinstance(place, str) and place.form != "line":
            at = self.starts[place.line] + place.column
            yield Edit("withdrawn", entry.position, at, at, " (withdrawn from arXiv)")


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text)
