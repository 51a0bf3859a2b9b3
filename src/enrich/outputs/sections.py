"""Name a list's sections by the deepest heading that says something about its entries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from enrich.papers.titles import plain_title

Section = tuple[str, ...]
# Words of headings that say where in a list an entry stands and not what it is about.
_GENERIC = frozenset(
    {
        "a", "additional", "after", "and", "before", "content", "contents", "etc", "further",
        "general", "in", "latest", "list", "misc", "miscellaneous", "more", "new", "of", "older",
        "other", "others", "overview", "paper", "papers", "publication", "publications",
        "reading", "recent", "related", "resource", "resources", "since", "the", "to",
        "uncategorized", "unsorted", "work", "works", "year",
    }
)  # fmt: skip


@lru_cache(maxsize=4096)  # the same few sections are named once for every entry
def topic_part(section: Section) -> Section:
    """`section` down to its deepest heading that is not generic ("more", "2019", "Other papers").

    A section of generic headings alone is returned whole.
    """
    for depth in range(len(section), 0, -1):
        if not _is_generic(section[depth - 1]):
            return section[:depth]
    return section


def short_names(sections: Iterable[Section]) -> dict[Section, str]:
    """A short name for each section: its last heading, with as many above it as make it unique."""
    wanted = list(dict.fromkeys(sections))
    names: dict[Section, str] = {}
    depth = 1
    while wanted:
        ends: dict[Section, list[Section]] = {}
        for section in wanted:
            ends.setdefault(section[-depth:], []).append(section)
        for end, found in ends.items():
            for section in found:
                if len(found) == 1 or depth >= len(section):
                    names[section] = " › ".join(end)
        wanted = [section for section in wanted if section not in names]
        depth += 1
    return names


def _is_generic(heading: str) -> bool:
    words = plain_title(heading).split()
    # Headings in scripts that the plain form drops are taken as telling.
    return all(word in _GENERIC or word.isdigit() for word in words) and (
        bool(words) or not heading.strip()
    )
