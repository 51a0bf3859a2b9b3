"""Which works are in the list already: by identifier, by normalised title, by a title's variant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz, process

from enrich.papers.identifiers import id_keys
from enrich.papers.title_forms import american, expanded
from enrich.papers.titles import Title, title_key
from enrich.records import Identifiers
from enrich.resolve.title_relation import NEAR, SHORT, Kind, relate

# Titles shorter than this (letters and digits) are shared by unrelated works: "Deep learning" has
# 12, "Long short-term memory" 19.
MIN_TITLE_KEY = 15
# Relations of two titles of one work: slips and spelling, a venue or a label around it; and, where
# what they share is long enough to identify a work, a subtitle or a note on the version.
_SAME: Final[frozenset[Kind]] = frozenset(
    {"same", "slip", "trimmed", "labelled", "named", "unlabelled"}
)
_SAME_IF_LONG: Final[frozenset[Kind]] = frozenset({"dropped", "added"})


@dataclass(slots=True)
class KnownWorks:
    """The works of a list, to look others up among them.

    Attributes:
        papers: paper_id by identity key (`arxiv:…`) and by title key (`title:…`).
        titles: Title keys of entries that have no paper.
        forms: The titles as written, by their words in one spelling.
    """

    papers: dict[str, str] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    forms: dict[str, str] = field(default_factory=dict)

    def add_paper(self, paper_id: str, title: str | None, aliases: Iterable[str]) -> None:
        """Add a paper of the list under everything it is known by.

        Args:
            paper_id: The paper.
            title: Its title, None where it has none.
            aliases: Identity keys that it is known by.
        """
        for key in (*aliases, *self._title_keys(title)):
            self.papers.setdefault(key, paper_id)

    def add_entry(self, title: str | None, paper_id: str | None) -> None:
        """Add an entry of the list under the title that the list gives it."""
        for key in self._title_keys(title):
            if paper_id is None:
                self.titles.add(key)
            else:
                self.papers.setdefault(key, paper_id)

    def paper_of(self, ids: Identifiers, title: str | None) -> str | None:
        """The paper of the list that a work is; None when it is none of them."""
        return next((self.papers[k] for k in work_keys(ids, title) if k in self.papers), None)

    def holds(self, keys: Iterable[str]) -> bool:
        """Whether the work of these keys is in the list, as a paper or as an entry without one."""
        return any(key in self.papers or key in self.titles for key in keys)

    def holds_variant(self, title: str) -> bool:
        """Whether a title of the list is another form of this one.

        Compares with every title of the list: for the few works that `holds` does not recognise.
        """
        if not title_keys(title):
            return False
        mine = _form(title)
        alike = process.extract(
            mine, list(self.forms), scorer=fuzz.ratio, score_cutoff=100 * NEAR, limit=None
        )
        parts = [form for form in self.forms if form in mine or mine in form]
        return any(
            _one_work(self.forms[form], title) for form in {*parts, *(row[0] for row in alike)}
        )

    def _title_keys(self, title: str | None) -> tuple[str, ...]:
        """The keys of a title of the list, which is kept for `holds_variant`."""
        if title and (keys := title_keys(title)):
            self.forms.setdefault(_form(title), title)
            return keys
        return ()


def work_keys(ids: Identifiers, title: str | None) -> tuple[str, ...]:
    """Everything a work is known by; two works that share a key are the same."""
    return (*id_keys(ids), *title_keys(title))


def title_keys(title: str | None) -> tuple[str, ...]:
    """The key of a title, none for one that is too short to identify a work."""
    key = title_key(title) if title else ""
    return (f"title:{key}",) if len(key) >= MIN_TITLE_KEY else ()


def _form(title: str) -> str:
    """The words of a title in American spelling, abbreviations written out."""
    return " ".join(american(expanded(Title.of(title).words)))


def _one_work(listed: str, found: str) -> bool:
    """Whether two titles are forms of one; either may be the one with a label or a subtitle."""
    for one, other in ((listed, found), (found, listed)):
        relation = relate(one, other)
        long_enough = relation.words > SHORT and relation.kind in _SAME_IF_LONG
        if relation.against is None and (relation.kind in _SAME or long_enough):
            return True
    return False


def known_works(
    papers: Iterable[Mapping[str, object]], entries: Iterable[Mapping[str, object]]
) -> KnownWorks:
    """The works of a list, from rows of the tables `papers` and `entries`."""
    known = KnownWorks()
    for row in papers:
        aliases = row["aliases"] or ()
        assert isinstance(aliases, Iterable)
        paper_id = str(row["paper_id"])
        title = row["title"]
        known.add_paper(paper_id, None if title is None else str(title), [paper_id, *aliases])
    for row in entries:
        title, paper = row["title"], row["paper_id"]
        if title is not None:
            known.add_entry(str(title), None if paper is None else str(paper))
    return known
