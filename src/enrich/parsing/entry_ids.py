"""Give entries their ids: those of the last snapshot where it has them, new ones elsewhere.

An override, a history and a link from a notebook hold an entry by its id, so an id that was
published stays with its entry: when others are added, moved or removed, when the entry's title is
corrected, and when another entry of the same title appears.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from enrich.papers.identifiers import link_key
from enrich.parsing.inline import title_identity
from enrich.records import Entry

_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry as it was published: what it is recognised by.

    `identity` is what `identity_of` gives for its links and identifiers.
    """

    entry_id: str
    title: str
    identity: str
    section: tuple[str, ...]
    raw: str

    @property
    def key(self) -> str:
        """The folded title; the identity where there is no title."""
        return title_identity(self.title) or self.identity


def identity_of(urls: Iterable[str], arxiv_id: str | None) -> str:
    """What an entry links or names, as one text: its paper, else its first address, else ""."""
    urls = list(urls)
    found = next((key for url in urls if (key := link_key(url))), None)
    return found or (f"arxiv:{arxiv_id}" if arxiv_id else urls[0] if urls else "")


def known(entry: Entry) -> KnownEntry:
    """What `entry` will be recognised by."""
    arxiv_id = entry.arxiv_ids[0] if entry.arxiv_ids else None
    identity = identity_of((link.url for link in entry.links), arxiv_id)
    return KnownEntry(entry.entry_id, entry.title, identity, entry.section, entry.raw)


def assign_entry_ids(
    entries: Sequence[Entry], previous: Sequence[KnownEntry] = ()
) -> tuple[Entry, ...]:
    """The entries with their ids.

    Args:
        entries: The entries of a list, in order; ids they have are replaced.
        previous: The entries of the list's last snapshot, none for a new list.

    Returns:
        The same entries. Each id is given once; an id of `previous` is given to the entry that
        continues it or to none.
    """
    now = [known(entry) for entry in entries]
    ids = _continued(now, previous)
    taken = {old.entry_id for old in previous}
    # Entries of one title are distinguished by what they link, then by section and order.
    fresh = [place for place in range(len(now)) if place not in ids]
    counts: Counter[tuple[str, str]] = Counter()
    for place in sorted(fresh, key=lambda p: (now[p].identity, now[p].section, p)):
        ids[place] = _new_id(now[place], taken, counts)
        taken.add(ids[place])
    return tuple(replace(entry, entry_id=ids[place]) for place, entry in enumerate(entries))


def _new_id(entry: KnownEntry, taken: set[str], counts: Counter[tuple[str, str]]) -> str:
    """A hash of the title alone, so that links added later do not change it; else of more.

    `counts` remembers how many of one title and identity there were: trying all numbers again for
    each would take quadratic time.
    """
    basis = entry.key or entry.raw
    digest = _digest(basis)
    kin = (basis, str(entry.identity))
    while digest in taken:
        counts[kin] += 1
        digest = _digest(f"{basis}\n{entry.identity}\n{counts[kin]}")
    return digest


def _digest(basis: str) -> str:
    return hashlib.sha256(basis.encode()).hexdigest()[:_ID_LENGTH]


# By what a published entry is found again, surest first. The last two allow for a corrected link
# under the same title and heading, and for a corrected title of the same paper. A title alone is
# not enough: an entry of the same title elsewhere, with other links, is another entry.
_MATCHES: tuple[Callable[[KnownEntry], Hashable], ...] = (
    lambda e: (e.key, e.identity, e.section, e.raw),
    lambda e: (e.key, e.identity, e.section),
    lambda e: (e.key, e.identity),
    lambda e: (e.key, e.section),
    lambda e: ("paper", e.identity) if ":" in e.identity else None,
)


def _continued(now: Sequence[KnownEntry], previous: Sequence[KnownEntry]) -> dict[int, str]:
    """Place in `now` -> id of the published entry that it continues."""
    ids: dict[int, str] = {}
    gone = dict(enumerate(previous))
    for key in _MATCHES:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for place, old in gone.items():
            waiting[key(old)].append(place)
        for place, entry in enumerate(now):
            found = key(entry)
            if place not in ids and found and waiting.get(found):
                continued = waiting[found].pop(0)
                ids[place] = gone.pop(continued).entry_id
    return ids
