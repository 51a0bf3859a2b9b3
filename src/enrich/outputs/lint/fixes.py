"""The faults of a list that have one certain cure, and the list with them cured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from enrich.errors import ListError, UsageError
from enrich.outputs.annotate.edit import read_source
from enrich.outputs.annotate.places import Places
from enrich.outputs.annotate.proof import proven, tokens_of
from enrich.outputs.export.reference import clean, title_text
from enrich.outputs.list_file import Listing
from enrich.papers.identifiers import link_identity, malformed_link
from enrich.papers.titles import plain_title, title_key
from enrich.papers.venues import short_venue, venue_and_year
from enrich.parsing import parse_list
from enrich.records import Entry, Issue

_LINE = re.compile(r"\r\n|\r|\n")
_ACTIVE = re.compile(r"([\\`*_\[\]<>|])")
_NUMBERS = re.compile(r"\d+")
_GONE = re.compile(r"withdrawn|retracted", re.IGNORECASE)
# A title nearer than this to the paper's, whose id stands in the list, is that title with a slip.
_SLIP = 90.0
# Words a title must have for its equal among the candidates to be believed against the id.
_TELLING = 4


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `new`; what the entry at `position` is then expected to be."""

    code: str
    position: int
    start: int
    end: int
    new: str
    title: str | None = None
    arxiv_id: str | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """The list with its certain faults cured; the codes of what was done, in order."""

    data: bytes
    codes: tuple[str, ...]


def fix(listing: Listing, issues: Sequence[Issue]) -> Fixed:
    """Cure the issues that have a certain cure.

    Every cure is proven: the new text, parsed, holds the same entries but for what was to change.
    Raises UsageError for lists that are not Markdown or whose encoding patches cannot carry.
    """
    parsed = listing.parsed
    if parsed.format != "markdown":
        raise UsageError(f"{listing.path} is {parsed.format}; --fix writes Markdown only.")
    if parsed.encoding.startswith(("utf-16", "utf-32")):
        raise UsageError(f"{listing.path} is {parsed.encoding}; patches need it saved as UTF-8.")
    source = read_source(listing.text.data, parsed.encoding)
    writer = _Writer(listing, source.text)
    edits = [edit for issue in issues for edit in writer.edits(issue)]

    def after(some: Sequence[Edit]) -> list[tuple[object, ...]]:
        ordered = sorted(some, key=lambda edit: edit.start)
        if any(a.end > b.start for a, b in pairwise(ordered)):
            return []
        data = source.to_bytes(_applied(source.text, ordered))
        try:
            entries = parse_list(replace(listing.text, data=data)).entries
        except ListError:
            return []
        return [(e.section, title_key(e.title), e.ids.arxiv_id) for e in entries]

    def holds(some: Sequence[Edit]) -> bool:
        return after(some) == list(_expected(parsed.entries, some).values())

    def blame(some: Sequence[Edit]) -> list[Edit]:
        expected, found = _expected(parsed.entries, some), after(some)
        if len(expected) != len(found):
            return []
        pairs = zip(expected.items(), found, strict=True)
        wrong = {position for (position, wanted), is_now in pairs if wanted != is_now}
        return [edit for edit in some if edit.position in wrong]

    kept, _ = proven(list(dict.fromkeys(edits)), holds, blame)
    ordered = sorted(kept, key=lambda edit: edit.start)
    return Fixed(
        source.to_bytes(_applied(source.text, ordered)), tuple(edit.code for edit in ordered)
    )


def _applied(text: str, ordered: Sequence[Edit]) -> str:
    out, at = [], 0
    for edit in ordered:
        out += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*out, text[at:]])


def _expected(before: Sequence[Entry], edits: Sequence[Edit]) -> dict[int, tuple[object, ...]]:
    """Position -> section, title and arXiv id that the entry shall have after the edits."""
    titles = {edit.position: edit.title for edit in edits if edit.title is not None}
    arxiv = {edit.position: edit.arxiv_id for edit in edits if edit.arxiv_id is not None}
    gone = {edit.position for edit in edits if edit.removed}
    return {
        entry.position: (
            entry.section,
            title_key(titles.get(entry.position, entry.title)),
            arxiv.get(entry.position, entry.ids.arxiv_id),
        )
        for entry in before
        if entry.position not in gone
    }


class _Writer:
    """Proposes edits of one list's text, one entry at a time."""

    def __init__(self, listing: Listing, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE.finditer(text)), len(text)]
        self.entries = listing.parsed.entries
        self.by_id = {entry.entry_id: entry for entry in self.entries}
        self.rows = {row["entry_id"]: row for row in listing.rows("entries")}
        self.papers = {row["paper_id"]: row for row in listing.rows("papers")}
        self.candidates: dict[str, list[Mapping[str, Any]]] = {}
        for row in listing.rows("candidates"):
            self.candidates.setdefault(row["entry_id"], []).append(row)
        lines = _LINE.split(text)
        self.places = Places(lines, tokens_of("\n".join(lines)))
        self._cures: dict[str, Callable[[Entry], Iterator[Edit]]] = {
            "dead_id": self._wrong_id, "id_conflict": self._other_paper,
            "malformed_id": self._malformed, "duplicate_entry": self._twin,
            "title_differs": self._title, "now_published": self._published,
            "withdrawn": self._withdrawn,
        }  # fmt: skip

    def edits(self, issue: Issue) -> Iterator[Edit]:
        """The edits that cure one issue; none where no cure is certain."""
        entry = self.by_id.get(issue.entry_id or "")
        cure = self._cures.get(issue.code)
        if entry is not None and cure is not None:
            yield from cure(entry)

    def _span(self, entry: Entry) -> tuple[int, int]:
        last = min(entry.line_end, len(self.starts) - 1)
        return self.starts[entry.line_start - 1], self.starts[last]

    def _once(self, entry: Entry, wanted: str) -> tuple[int, int] | None:
        """Where `wanted` stands in the entry's text, when it stands there exactly once."""
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

    def _wrong_id(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        if paper and paper["arxiv_id"] and title_key(paper["title"]) == title_key(entry.title):
            yield from self._relinked(entry, paper["arxiv_id"], "dead_id")

    def _other_paper(self, entry: Entry) -> Iterator[Edit]:
        rows = self.candidates.get(entry.entry_id, [])
        same = [row for row in rows if title_key(row["title"] or "") == title_key(entry.title)]
        known = {row["arxiv_id"] for row in same if row["arxiv_id"]}
        certain = len(known) == 1 and all(
            (row["author_score"] is None or row["author_score"] >= 0.6)
            and (row["year_delta"] is None or abs(row["year_delta"]) <= 1)
            for row in same
        )
        if certain and len(plain_title(entry.title).split()) >= _TELLING:
            yield from self._relinked(entry, known.pop(), "id_conflict")

    def _relinked(self, entry: Entry, arxiv_id: str, code: str) -> Iterator[Edit]:
        wrong = entry.ids.arxiv_id
        if wrong is None or wrong == arxiv_id:
            return
        for url in dict.fromkeys(link.url for link in entry.links):
            place = self._once(entry, url)
            if link_identity(url).arxiv_id == wrong and place and url.count(wrong) == 1:
                new = re.sub(rf"{re.escape(wrong)}(?:v\d+)?", arxiv_id, url)
                yield Edit(code, entry.position, *place, new, arxiv_id=arxiv_id)

    def _malformed(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        if not paper or not paper["arxiv_id"] or entry.ids.arxiv_id:
            return
        if title_key(paper["title"]) != title_key(entry.title):
            return
        wrong = {x.url for x in entry.links if x.role == "paper" and malformed_link(x.url)}
        if (
            len(wrong) == 1
            and "arxiv" in (url := wrong.pop())
            and (place := self._once(entry, url))
        ):
            new = f"https://arxiv.org/abs/{paper['arxiv_id']}"
            yield Edit("malformed_id", entry.position, *place, new, arxiv_id=paper["arxiv_id"])

    def _twin(self, entry: Entry) -> Iterator[Edit]:
        first = next(
            (
                e for e in self.entries[: entry.position]
                if e.raw.split() == entry.raw.split() and e.section == entry.section
            ),
            None,
        )  # fmt: skip
        if first is not None and not any(
            other is not entry
            and other.line_start <= entry.line_end
            and other.line_end >= entry.line_start
            for other in self.entries
        ):
            start, end = self._span(entry)
            yield Edit("duplicate_entry", entry.position, start, end, "", removed=True)

    def _title(self, entry: Entry) -> Iterator[Edit]:
        paper, row = self._paper(entry), self.rows.get(entry.entry_id)
        if not paper or not row or not row["method"].startswith("id:"):
            return
        new, old = title_text(paper["title"]), entry.title
        a, b = plain_title(old), plain_title(new)
        slip = fuzz.ratio(a, b) >= _SLIP and _NUMBERS.findall(a) == _NUMBERS.findall(b)
        if slip and not set(new) & set("$\\{}") and (place := self._once(entry, old)):
            yield Edit(
                "title_differs", entry.position, *place, _ACTIVE.sub(r"\\\1", new), title=new
            )

    def _published(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        if not paper or not paper["venue"] or not paper["year"] or not entry.venue_text:
            return
        venue, year = clean(paper["venue"]), paper["year"]
        # A year outside the words that are replaced would stay as the preprint's.
        dated = entry.year is None or str(entry.year) in entry.venue_text or entry.year == year
        if dated and not re.search(r"\barxiv\b", venue, re.IGNORECASE):
            whole = entry.year is None or str(entry.year) in entry.venue_text
            new = venue_and_year(venue, year) if whole else short_venue(venue, year)
            if place := self._once(entry, entry.venue_text):
                yield Edit("now_published", entry.position, *place, _ACTIVE.sub(r"\\\1", new))

    def _withdrawn(self, entry: Entry) -> Iterator[Edit]:
        paper = self._paper(entry)
        place = self.places.find(entry)
        if not paper or not paper["is_withdrawn"] or _GONE.search(entry.raw):
            return
        if not isinstance(place, str) and place.form != "line":
            at = self.starts[place.line] + place.column
            yield Edit("withdrawn", entry.position, at, at, " (withdrawn from arXiv)")
