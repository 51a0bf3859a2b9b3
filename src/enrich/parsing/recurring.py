"""Shapes of blocks that recur in a list: what stands often enough in one form is an entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from enrich.papers.identifiers import link_key, text_identities
from enrich.parsing.document import Block, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import lines, plain, words
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


def split_lines(parts: Sequence[Sequence[Piece]]) -> list[int]:
    """Where the entries of a run of lines begin: lines of one form, a title and a link in each.

    Returns:
        Indices of the first lines; none where the lines are no run of entries.
    """
    forms = [_form(part) for part in parts]
    starts = [i for i, form in enumerate(forms) if form == forms[0] and not _is_field(parts[i])]
    if len(starts) < _ALONE or starts[0] != 0 or _form(parts[0]) == "":
        return []
    ends = [*starts[1:], len(parts)]
    linked = sum(
        any(external(part) or text_identities(plain(part)) for part in parts[start:end])
        for start, end in zip(starts, ends, strict=True)
    )
    texts = [plain(parts[i]) for i in starts]
    titled = sum(any(features(text).title >= _HALF for _, text in runs(parts[i])) for i in starts)
    enough = min(linked, titled, len(set(texts))) >= _MOST * len(starts)
    return starts if enough else []


def _form(part: Sequence[Piece]) -> str:
    """The styles of a line's texts; "" where it holds nothing but labelled links."""
    styles = [style for style, text in runs(part) if style not in ("label", "url") and words(text)]
    return styles[0] if styles else ""


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
    cited = max(roles[role] for role in ("composite", "authors", "venue", "date")) >= _MOST * size
    linked = _share(sample, lambda one: one.linked)
    named = _share(sample, _is_name_with_links)
    if named >= 0.8:
        return True
    if not titled:
        return False
    if rejected[0].shape.kind == "heading":
        cased = _share(sample, lambda one: in_title_case(plain(one.items)))
        return linked >= _MOST and cased >= _MOST
    short = _share(sample, lambda one: len(words(plain(lines(one.items)[0]))) <= _LONGEST_TITLE)
    return short >= 0.8 and (cited or (linked >= _MOST and rejected[0].shape.alone))


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
