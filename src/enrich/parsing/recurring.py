"""Shapes of blocks that recur in a list: what stands often enough in one form is an entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from enrich.papers.identifiers import link_key, text_identities
from enrich.parsing.document import Block, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import block_pieces, lines, plain, words
from enrich.parsing.layout.features import features
from enrich.parsing.layout.slots import cut_draft, runs
from enrich.parsing.layout.votes import Votes
from enrich.parsing.shapes import OPENERS, external, in_title_case, is_badge, link_role

# Chosen on one half of 38 development lists; its effect on the other half was not measured.
_OFTEN = 5  # blocks of one shape that make a pattern
_ALONE = 3  # the same in a list that has no entry by the usual signs
_MOST = 0.7  # share of the blocks that must show a sign
_HALF = 0.5
_DISTINCT = 0.9
_SAMPLE = 60  # blocks of a shape that are judged
_LONGEST_TITLE = 30  # words
_UNTOLD = frozenset({"label", "url"})
_LONGEST_FOLLOWER = 60  # words: a longer paragraph below an entry is prose


class Shape(NamedTuple):
    """What blocks that look alike share: kind, heading level, styles of the first line."""

    kind: str
    level: int
    pattern: str
    alone: bool  # nothing but a title (and links) on the first line


@dataclass(slots=True)
class Seen:
    """One block as the first pass met it."""

    shape: Shape
    items: Sequence[Piece]
    accepted: bool
    linked: bool
    empty: bool = True  # a heading with no entry below it


@dataclass(slots=True)
class Patterns:
    """What the first pass showed: shapes of entries, and shapes of what follows them."""

    entries: set[Shape] = field(default_factory=set)
    followers: dict[Shape, set[Shape]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entries or self.followers)


def shape_of(block: Block, items: Sequence[Piece]) -> Shape:
    """The shape of a block with this leading text."""
    first = next((line for line in lines(items) if plain(line)), [])
    styles: list[str] = []
    for style, text in runs(first):
        if (style == "plain" and not any(map(str.isalpha, text))) or styles[-1:] == [style]:
            continue
        styles.append(style)
    texts = [style for style in styles if style not in ("label", "url")]
    return Shape(block.kind, block.level, " ".join(styles), len(texts) == 1)


def find_patterns(seen: Sequence[Seen], *, found: bool) -> Patterns:
    """The shapes of entries that the first pass rejected; `found`: whether it had any entry."""
    groups: dict[Shape, list[Seen]] = {}
    for one in seen:
        groups.setdefault(one.shape, []).append(one)
    patterns = Patterns()
    least = _OFTEN if found else _ALONE
    # Headings last: one above blocks that are entries is a section.
    for shape, members in sorted(groups.items(), key=lambda group: group[0].kind == "heading"):
        if shape.kind == "heading":
            _mark_sections(seen, patterns.entries)
        rejected = [one for one in members if not one.accepted]
        accepted = len(members) - len(rejected)
        often = accepted >= _OFTEN and accepted >= _HALF * len(rejected)
        new = len(rejected) >= least and shape.kind != "item"
        if rejected and (often or (new and _read_like_entries(rejected))):
            patterns.entries.add(shape)
    patterns.followers = _followers(seen, patterns.entries)
    return patterns


def _mark_sections(seen: Sequence[Seen], entries: set[Shape]) -> None:
    """Mark the headings that have entries below them."""
    above: Seen | None = None
    for one in seen:
        if one.shape.kind == "heading":
            above = None if one.accepted else one
        elif above is not None and (one.accepted or one.shape in entries):
            above.empty = False


def reads_like_title(items: Sequence[Piece]) -> bool:
    """Whether a single block of an accepted shape can be an entry: no sentence to the reader."""
    text = plain(items)
    return len(words(text)) >= 1 and not OPENERS.match(text) and not text.rstrip().endswith(":")


def can_follow(block: Block, items: Sequence[Piece]) -> bool:
    """Whether a block is short enough to be about the entry above it."""
    return block.kind in ("paragraph", "item") and len(words(plain(items))) <= _LONGEST_FOLLOWER


def find_runs(root: Block) -> dict[int, list[int]]:
    """Where entries begin in the paragraphs that hold one or several, a line or more each.

    Paragraphs whose first lines have one form are judged together: their entries begin on lines of
    that form, or behind the lines that hold nothing but labelled links, if most of the stretches
    so cut have a title and a link.

    Returns:
        By the identity of a block, the indices of its lines on which entries begin.
    """
    groups: dict[str, list[tuple[int, list[list[Piece]]]]] = {}
    stack = [root]
    while stack:
        block = stack.pop()
        if block.kind == "paragraph" and (parts := lines(block_pieces(block))):
            groups.setdefault(_form(parts[0]), []).append((id(block), parts))
        elif block.kind not in ("item", "table"):
            stack.extend(reversed(block.children))
    found: dict[int, list[int]] = {}
    for form, members in groups.items():
        if form and any(len(parts) > 1 for _, parts in members):
            for cut in (_at_form, _behind_labels):
                starts = [cut(parts) for _, parts in members]
                if _are_runs([parts for _, parts in members], starts):
                    found |= {
                        key: own
                        for (key, parts), own in zip(members, starts, strict=True)
                        if any(map(_is_linked, parts)) and all(_is_titled(parts[i]) for i in own)
                    }
                    break
    return found


def _at_form(parts: Sequence[Sequence[Piece]]) -> list[int]:
    first = _form(parts[0])
    return [i for i, p in enumerate(parts) if i == 0 or (_form(p) == first and not _is_field(p))]


def _behind_labels(parts: Sequence[Sequence[Piece]]) -> list[int]:
    forms = [_form(part) for part in parts]
    labels = [not form and bool(external(part)) for form, part in zip(forms, parts, strict=True)]
    return [i for i in range(len(parts)) if i == 0 or (forms[i] and labels[i - 1])]


def _are_runs(
    members: Sequence[Sequence[Sequence[Piece]]], starts: Sequence[Sequence[int]]
) -> bool:
    """Whether the stretches of lines between these starts are entries, several in a paragraph."""
    texts: set[str] = set()
    count = linked = titled = 0
    for parts, begins in zip(members, starts, strict=True):
        for start, end in zip(begins, [*begins[1:], len(parts)], strict=True):
            count += 1
            own = parts[start:end]
            linked += any(map(_is_linked, own))
            titled += _is_titled(parts[start])
            texts.add(plain(parts[start]))
    enough = count >= max(_ALONE, len(members) + 1)
    return enough and min(linked, titled, len(texts)) >= _MOST * count


def _is_linked(part: Sequence[Piece]) -> bool:
    return bool(external(part)) or bool(text_identities(plain(part)))


def _is_titled(part: Sequence[Piece]) -> bool:
    titled = any(features(text).title >= _HALF for _, text in runs(part))
    return titled and len(words(plain(part))) <= _LONGEST_FOLLOWER and reads_like_title(part)


def _form(part: Sequence[Piece]) -> str:
    """The style of a line's first text; "" where it holds nothing but labelled links."""
    styled = (s for s, text in runs(part) if s not in _UNTOLD and any(map(str.isalpha, text)))
    return next(styled, "")


def _is_field(part: Sequence[Piece]) -> bool:
    """Whether a line holds authors, a venue or a date and nothing else."""
    if sum(len(words(text)) > 1 for style, text in runs(part) if style != "label") > 1:
        return False
    seen = features(plain(part).strip(" ()[]"))
    return seen.date or seen.venue >= _MOST or seen.names >= _HALF or seen.cited


def _read_like_entries(rejected: Sequence[Seen]) -> bool:
    """Whether blocks of one shape hold a title each, and links or authors, venue, date."""
    step = max(1, len(rejected) // _SAMPLE)
    sample = list(rejected[::step][:_SAMPLE])
    if rejected[0].shape.kind == "heading":
        sample = [one for one in sample if one.empty]
        if len(sample) < _MOST * min(len(rejected), _SAMPLE):
            return False
    if sum(bool(OPENERS.match(plain(one.items))) for one in sample) * 5 > len(sample):
        return False
    if _share(sample, lambda one: plain(one.items).rstrip().endswith((":", "："))) > 0.2:
        return False
    cut = [cut_draft(Draft("", (), list(one.items), 1, 1)) for one in sample]
    votes = Votes((slots, "") for slots in cut)
    roles = Counter(role for slots in cut for role in votes.roles(slots))
    size = len(sample)
    titled = max(roles["title"], roles["composite"]) >= 0.8 * size
    present = [roles[role] >= _MOST * size for role in ("authors", "venue", "date", "composite")]
    linked = _share(sample, lambda one: one.linked)
    named = _share(sample, _is_name_with_links)
    if named >= 0.8:
        return True
    if not titled:
        return False
    if rejected[0].shape.kind == "heading":
        cased = _share(sample, lambda one: in_title_case(plain(one.items)))
        return linked >= _MOST and cased >= _MOST
    if sum(present[:3]) > 1:
        return True
    short = _share(sample, lambda one: len(words(plain(lines(one.items)[0]))) <= _LONGEST_TITLE)
    shape = rejected[0].shape
    closed = shape.alone or shape.pattern.endswith(tuple(_UNTOLD))
    return short >= 0.8 and (any(present) or (linked >= _MOST and closed))


def _share(sample: Sequence[Seen], holds: Callable[[Seen], object]) -> float:
    return sum(bool(holds(one)) for one in sample) / max(1, len(sample))


def _is_name_with_links(one: Seen) -> bool:
    """Whether a block is a short name in bold or a link, and labelled links of a paper."""
    links = [p for p in external(one.items) if not is_badge(p)]
    labels = [link_role(p) for p in links]
    text = plain([p for p in one.items if p.link is None or link_role(p) is None])
    paper = "paper" in labels or any(link_key(p.link.url) for p in links if p.link)
    return paper and all(labels) and 1 <= len(words(text)) <= 6


def _followers(seen: Sequence[Seen], entries: Iterable[Shape]) -> dict[Shape, set[Shape]]:
    """Per shape of entries, the shapes of paragraphs that stand below most of them."""
    accepted = set(entries)
    count: Counter[Shape] = Counter()
    below: dict[Shape, Counter[Shape]] = {}
    current: Shape | None = None
    own: set[Shape] = set()
    for one in seen:
        if one.accepted or one.shape in accepted:
            current = one.shape if one.shape.kind in ("paragraph", "heading") else None
            own = set()
            if current is not None:
                count[current] += 1
        elif one.shape.kind in ("paragraph", "item") and current and one.shape not in own:
            own.add(one.shape)
            below.setdefault(current, Counter())[one.shape] += 1
        elif one.shape.kind == "heading":
            current = None
    return {
        shape: often
        for shape, shapes in below.items()
        if (often := {s for s, n in shapes.items() if n >= 3 and n >= _HALF * count[shape]})
    }
