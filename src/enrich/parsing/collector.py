"""What is found while a document is read: drafts, links outside them, issues, headings above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from enrich.parsing.document import Piece
from enrich.parsing.draft import Draft
from enrich.parsing.headings import is_admin, is_contents
from enrich.parsing.inline import squeeze
from enrich.parsing.recurring import Seen
from enrich.parsing.shapes import is_badge, is_local
from enrich.records import Issue, StrayLink


@dataclass(slots=True)
class Collector:
    """The result of segmentation so far, and the headings above the current block."""

    drafts: list[Draft] = field(default_factory=list)
    strays: list[StrayLink] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    subjects: frozenset[str] = frozenset()  # headings that sound administrative and are not

    @property
    def section(self) -> tuple[str, ...]:
        """Headings above the current block, outermost first."""
        return tuple(text for _, text in self.headings if not is_contents(text))

    def in_admin(self, level: int = 99) -> bool:
        """Whether a heading above `level` says that the section is about the list itself."""
        above = [text for at, text in self.headings if at < level]
        # A table of contents may stand in front of the sections it names, one level too high.
        admin = (text for text in above if is_admin(text) and text not in self.subjects)
        return any(not is_contents(text) for text in admin) or (
            bool(above) and is_contents(above[-1])
        )

    def stray(self, items: Iterable[Piece], reason: str) -> None:
        """Record links that belong to no entry."""
        for piece in items:
            if piece.link is not None and piece.link.url:
                why = "badge" if is_badge(piece) else reason
                if is_local(piece):
                    why = "toc" if piece.link.url.startswith("#") else "navigation"
                label = squeeze(piece.text)
                self.strays.append(StrayLink(label, piece.link.url, piece.link.line, why))
