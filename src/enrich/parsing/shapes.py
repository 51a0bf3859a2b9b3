"""The shapes of lines: what an entry, a line about an entry, a badge and a heading look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from enrich.papers.identifiers import link_key
from enrich.papers.identifiers.addresses import REMEMBERED, of_host, split_address
from enrich.parsing.document import Block, Document, Piece
from enrich.parsing.inline import block_pieces, lines, plain, squeeze, without_emoji, words
from enrich.parsing.labels import label_role
from enrich.parsing.names import SEPARATED, hide_stops, is_authors
from enrich.parsing.references import read_reference
from enrich.parsing.venues import VENUE, is_venue
from enrich.records import Role

OPENERS = re.compile(
    r"^(?:please|if you|we|this repo|this list|these|you can|you may|thanks|note|welcome|feel free|"
    r"i|i'm|here|for (?:more|a|the|further|any)|see|inspired|maintained|contributed|last updated|"
    r"contributions|pull requests|a (?:curated )?list of|the list of|check|join|follow|back to|"
    r"⬆|↑|🔝)(?!\w)|^(?:本|欢迎|如果|请|如有|更多|关于)",
    re.IGNORECASE,
)
_LABEL = 3  # words of a link text that can be a label
_OFTEN = 4  # addresses under one such text
_SHARE = 0.02  # of the links of the list
CHECKBOX = re.compile(r"^\s*\[[ xX]?\]\s+")
_BADGE = re.compile(
    r"img\.shields\.io|badge|awesome\.re|travis-ci|codecov|/actions/workflows|visitor|hits\.",
    re.IGNORECASE,
)
# Places where the readers of a list talk; judged by address, as titles name them too
# ("Time Series Discord Discovery").
_COMMUNITIES = dict.fromkeys(
    ("discord.gg", "discord.com", "discordapp.com", "slack.com", "t.me", "telegram.me",
     "telegram.org", "gitter.im", "weixin.qq.com", "jq.qq.com", "qm.qq.com"),
    True,
)  # fmt: skip


def is_local(piece: Piece) -> bool:
    """Whether a link stays inside the list's own page."""
    return piece.link is not None and piece.link.url.startswith(("#", "mailto:"))


def external(items: Iterable[Piece]) -> list[Piece]:
    """The links that lead out of the page."""
    return [p for p in items if p.link is not None and p.link.url and not is_local(p)]


@lru_cache(maxsize=REMEMBERED)
def _is_community(url: str) -> bool:
    address = split_address(url)
    # Articles of WeChat stand on a subdomain of their own.
    return address is not None and (
        address.host != "mp.weixin.qq.com" and bool(of_host(address.host, _COMMUNITIES))
    )


def is_badge(piece: Piece) -> bool:
    """Whether a link is a picture of a state (build, licence), not a way to something."""
    assert piece.link is not None
    if _is_community(piece.link.url):
        return True
    return (
        piece.image
        and (bool(_BADGE.search(piece.link.url)) or label_role(piece.text) in (None, "other"))
        and link_key(piece.link.url) is None
    )


def mark_labels(document: Document) -> None:
    """Mark the short link texts that stand on links to many addresses: labels in any language."""
    links = [p for p in all_pieces(document.root) if p.link is not None and not p.link.bare]
    addresses: dict[str, set[str]] = {}
    for piece in links:
        if len(words(piece.text)) <= _LABEL:
            addresses.setdefault(piece.text, set()).add(piece.link.url)  # type: ignore[union-attr]
    least = max(_OFTEN, _SHARE * len(links))
    labels = {text for text, urls in addresses.items() if len(urls) >= least}
    for piece in links:
        piece.recurs = piece.text in labels


def link_role(piece: Piece) -> Role | None:
    """The role that a link's text names: `other` where it recurs, None for a name or a title."""
    if piece.role is False:
        piece.role = label_role(piece.text) or ("other" if piece.recurs else None)
    return piece.role


@lru_cache(maxsize=8192)
def title_like(label: str) -> bool:
    """Whether a text can be a title: not a label, a venue, a number or a single mark."""
    bare = squeeze(without_emoji(label)).strip(" []()【】")
    if not bare or bare.startswith(("http://", "https://", "www.", "^")) or is_venue(bare):
        return False
    return label_role(label) is None and bool(words(bare))


def names_title(piece: Piece) -> bool:
    """Whether a link's text can be a title: no label, no address."""
    shown = piece.link is not None and not piece.link.bare
    return shown and not piece.recurs and title_like(piece.text)


def bare_words(text: str) -> str:
    """A text without bracketed numbers, venues and years: what is left can be a title."""
    text = re.sub(r"[\[(（【][\d\s,;]*[\])）】]|\d+", " ", text)
    return VENUE.sub(" ", text)


def in_title_case(text: str) -> bool:
    """Whether most longer words start with a capital, as in the titles of papers."""
    longer = [word for word in words(text) if len(word) > 3]
    return len(longer) >= 2 and sum(word[0].isupper() for word in longer) * 3 >= len(longer) * 2


def all_pieces(block: Block) -> list[Piece]:
    """Every piece of a block and of all below it."""
    return [p for child in block.walk() for p in block_pieces(child)]


def clean_heading(text: str) -> str:
    """A heading without pictograms, marks at its ends and a closing colon."""
    text = squeeze(without_emoji(text))
    text = re.sub(r"\s*\[?(?:back to top|top)\]?\s*$", "", text, flags=re.IGNORECASE)
    return text.strip(" :：#*_|-–—\t")


def lead_of(item: Block) -> list[Piece]:
    """The leading text of an item."""
    if item.spans:
        return block_pieces(item)
    if item.children and item.children[0].kind in ("paragraph", "heading"):
        return block_pieces(item.children[0])
    return []


def items_of(block: Block) -> list[Block]:
    """Items directly inside a nested list."""
    return (
        [child for child in block.children if child.kind == "item"] if block.kind == "list" else []
    )


def nested_lines(block: Block) -> list[list[Piece]]:
    """Every line of text in a block and below it."""
    result: list[list[Piece]] = []
    for child in block.walk():
        if child.spans:
            result.extend(lines(block_pieces(child)))
    return result


def leading_text(items: Sequence[Piece]) -> str:
    """Text before the first link, without tags, numbering and pictures."""
    parts: list[str] = []
    for piece in items:
        if piece.link is not None and not piece.image:
            break
        if not piece.image:
            parts.append(piece.text)
    text = squeeze(without_emoji("".join(parts)))
    text = re.sub(r"[\[(（【][^\])）】]{0,60}[\])）】]", " ", text)
    text = re.sub(r"^\s*\d{1,4}[.)、]?\s", " ", text)
    return text.strip(" \t[](){}<>《》-–—:：|.,*`")


def starts_entry(items: Sequence[Piece], *, paragraph: bool) -> bool:
    """Whether a line is shaped like an entry: a title with its links, not a sentence with one."""
    links = [p for p in external(items) if not is_badge(p) and not p.image]
    if not links:
        return False
    if link_role(links[0]) is not None and not links[0].link.bare:  # type: ignore[union-attr]
        # What stands below the line of labels is a remark, whatever it links.
        items = _through_line(items, links[0])
        kept = set(map(id, items))
        links = [p for p in links if id(p) in kept]
    text = squeeze(without_emoji(plain(items)))
    lead = leading_text(items)
    first = links[0]
    assert first.link is not None
    after = items[list(items).index(first) + 1 :]
    tail = squeeze(plain([p for p in after if p.link is None]))
    titled = names_title(first)
    if titled and (
        len(words(lead)) <= 3
        or (
            len(words(first.text)) >= 3
            and (SEPARATED.search(lead) and is_authors(hide_stops(lead)))
        )
    ):
        if not paragraph:
            return True
        known = link_key(first.link.url) is not None
        labelled = any(map(link_role, links[1:]))
        if re.match(r"by [A-Z]", tail):
            return True
        if not tail or tail[0] not in ",.;:：|-–—([（【":
            return not tail and (known or len(words(first.text)) >= 3)
        if tail[0] in ":：|-–—" and tail[1:2] == " ":
            return True
        reference = read_reference(tail)
        cited = bool(reference.venue or reference.year)
        return known or (len(words(first.text)) >= 3 and (labelled or cited))
    bold = [p for p in items if p.bold and p.link is None and title_like(p.text)]
    if bold and len(words(bold[0].text)) >= 3 and items.index(bold[0]) < items.index(first):
        before = plain(items[: items.index(bold[0])])
        if len(words(before)) <= 12 or '"' in before or "“" in before:
            return True
    if len(words(lead)) < 2 or (paragraph and OPENERS.match(text)):
        return False
    if first.link.bare and link_key(first.link.url):
        reference = read_reference(plain([p for p in items if p.link is None]))
        if reference.title and (reference.authors or reference.venue or reference.year):
            return True
        if not paragraph and len(words(lead)) >= 3 and in_title_case(lead):
            return True
    roles = [p for p in links if p.recurs or label_role(p.text) not in (None, "other")]
    labels_only = all(map(link_role, links))
    closing = len(words(_unbracketed(plain(items[items.index(links[-1]) + 1 :])))) <= 10
    return (
        bool(roles)
        and labels_only
        and (closing or not paragraph)
        and first is not None
        and (
            not paragraph
            or first.text.startswith("[")
            or _before(items, first).rstrip().endswith(("[", "(", "|", "."))
        )
    )


def _through_line(items: Sequence[Piece], piece: Piece) -> Sequence[Piece]:
    start = next(i for i, other in enumerate(items) if other is piece)
    for i in range(start, len(items)):
        if items[i].is_break:
            return items[:i]
    return items


def _unbracketed(text: str) -> str:
    return re.sub(r"[\[(（【][^\])）】]*[\])）】]", " ", without_emoji(text))


def _before(items: Sequence[Piece], piece: Piece) -> str:
    return "".join(p.text for p in items[: list(items).index(piece)])
