"""Which works are in the list already: by identifier, else by normalised title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from enrich.papers.identifiers import id_keys
from enrich.papers.titles import title_key
from enrich.records import Identifiers

# Titles shorter than this (letters and digits) are shared by unrelated works: "Deep learning" has
# 12, "Long short-term memory" 19.
MIN_TITLE_KEY = 15


@dataclass(slots=True)
class KnownWorks:
    """The works of a list, to look others up among them.

    Attributes:
        papers: paper_id by identity key (`arxiv:…`) and by title key (`title:…`).
        titles: Title keys of entries that have no paper.
    """

    papers: dict[str, str] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)

    def add_paper(self, paper_id: str, title: str | None, aliases: Iterable[str]) -> None:
        """Add a paper of the list under everything it is known by."""
        for key in (*aliases, *title_keys(title)):
            self.papers.setdefault(key, paper_id)

    def add_entry(self, title: str | None, paper_id: str | None) -> None:
        """Add an entry of the list under the title that the list gives it."""
        for key in title_keys(title):
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


def work_keys(ids: Identifiers, title: str | None) -> tuple[str, ...]:
    """Everything a work is known by; two works that share a key are the same."""
    return (*id_keys(ids), *title_keys(title))


def title_keys(title: str | None) -> tuple[str, ...]:
    """The key of a title, none for one that is too short to identify a work."""
    key = title_key(title) if title else ""
    return (f"title:{key}",) if len(key) >= MIN_TITLE_KEY else ()


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
