"""Which part of an entry's leading text is its title: a link's text, bold text or plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from enrich.parsing.cleaning import clean_title
from enrich.parsing.document import Piece
from enrich.parsing.inline import plain, squeeze, without_emoji, words
from enrich.parsing.labels import is_plain_label, label_role
from enrich.parsing.linking import clean_label
from enrich.parsing.names import hide_stops, is_authors, names_people, split_authors, surely_authors
from enrich.parsing.references import Reference, read_reference, read_tail, read_titled
from enrich.parsing.shapes import CHECKBOX, external, is_badge, is_local, names_title, title_like
from enrich.parsing.venues import is_bracket_venue, is_venue

BOX = re.compile(r"[\[(（【]([^\[\](（）)【】]{2,90})[\])）】]")
_EMPTY_BOX = re.compile(
    r"^\s*\[[ xX]\]\s|"
    r"[\[(（【]\s*(?:\|\s*)*[\])）】]"
)
_BEFORE_LABEL = " \t\n,，;；|。"
_LABEL_LAST = re.compile(rf"[^{_BEFORE_LABEL}:：]{{1,12}}$")
_NUMBER = re.compile(r"^\s*[\[(]?\d{1,4}[\])]?[.)]?\s+(?=\D)")
# A method's name before a quoted title and nothing else: `SiamFC: "Fully-Convolutional …"`
_NAMED_QUOTE = re.compile(r"^[^\s:：]{1,30}\s*[:：]\s*[\"“][^\"“”]{8,}[\"”]\W*$")
_YEAR_LAST = re.compile(r"[,.&].*[(（](?:19|20)\d\d[a-z]?[)）]\W*$")  # `Hu, Y. (2005).`
_BEFORE_TITLE = 4  # words: from here on what stands before a link is the title, not the link
_SENTENCE = 4  # words: text behind a bold name that is long enough to be a title
_WRAPPED = 50  # characters: no shorter line was wrapped
_WRAPPED_WORDS = 10  # a longer second line is a remark
_CLOSED = (".", ",", ";", ":", "?", "!", "。", "：", "，", ")", "]", '"', "”", "|")
_SHORT = 3  # words: a bold run shorter than this is a name, with the title behind it


@dataclass(slots=True)
class Headline:
    """A title as written, tags that stand before it, and the text that is left."""

    title: str
    tags: list[str] = field(default_factory=list)
    rest: str = ""
    reference: Reference | None = None  # the leading text, where it reads as a whole reference


def read_headline(lead: Sequence[Piece]) -> Headline:
    """Find the title in the leading text of an entry."""
    start = _after_labels(lead)
    if start:
        behind = read_headline(lead[start:])
        behind.rest = f"{remainder(lead[:start])} | {behind.rest}"
        return behind
    bold, link = _candidates(lead)
    if bold is not None and link is not None and _only_names(lead, bold, link):
        bold = None
    if bold is not None:
        found = _bold_headline(lead, bold, link)
        if found is not None:
            return found
    if link is not None:
        before = BOX.sub(" ", plain(lead[:link]))
        if len(words(clean_title(before)[0])) < _BEFORE_TITLE:
            rest = f"{BOX.sub(' | ', remainder(lead[:link]))} | {remainder(lead[link + 1 :])}"
            return Headline(lead[link].text, _tags(lead[:link]), rest)
    text, used = _plain_title(lead, 0)
    rest = remainder(lead, used)
    reference = _as_reference(text)
    if reference is not None and reference.title:
        return Headline(reference.title, [], rest, reference)
    return Headline(text or "", [], rest)


def _after_labels(lead: Sequence[Piece]) -> int:
    """Where the text begins that follows labels in front: `[[paper]](…) [[code]](…) Title`."""
    start = 0
    for i, piece in enumerate(lead):
        if piece.link is None:
            if words(piece.text) and not piece.image:
                return start
        elif piece.link.bare or not (
            piece.image or piece.recurs or label_role(clean_label(piece.text))
        ):
            return start
        else:
            start = i + 1
    return 0


def _candidates(lead: Sequence[Piece]) -> tuple[int | None, int | None]:
    """Positions of the bold run and of the link that can be the title."""
    bold: int | None = None
    opened = 0
    last = ""
    for i, piece in enumerate(lead):
        if piece.link is None:
            text = piece.text.strip()
            boxed = text.startswith("[") and text.endswith("]")
            if bold is None and piece.bold and not boxed and not last.endswith("("):
                named = title_like(text) and not names_people(text)
                bold = i if named and _may_stand_before(lead[:i]) else None
            elif bold is None and piece.italic and i and len(words(text)) >= _SHORT:
                bold = i if title_like(text) and _are_authors(lead[:i]) else None
            opened += piece.text.count("(") - piece.text.count(")")
            last = text or last
        elif not (is_local(piece) or piece.image or is_badge(piece) or opened > 0):
            named = names_title(piece)
            return bold, i if named else None
    return bold, None


def _only_names(lead: Sequence[Piece], bold: int, link: int) -> bool:
    """Whether bold text only names the method whose title is the link right behind it."""
    between = "".join(p.text for p in lead[bold + 1 : link]).strip(" ,:-–—|")
    count = len(words(lead[bold].text))
    return link > bold and not between and count < _SENTENCE <= len(words(lead[link].text))


def _may_stand_before(items: Sequence[Piece]) -> bool:
    """Whether a text can stand before a bold title: tags, numbers, authors, an opening quote."""
    text = plain([p for p in items if p.link is None])
    if _YEAR_LAST.search(text):
        return True
    text = BOX.sub(" ", text)
    if len(words(text)) < _BEFORE_TITLE or text.endswith(('"', "“", "'")):
        return True
    return is_authors(hide_stops(_NUMBER.sub("", text)))


def _are_authors(items: Sequence[Piece]) -> bool:
    """Whether the text before a title in italics is a run of names and nothing else."""
    text = hide_stops(_NUMBER.sub("", plain([p for p in items if p.link is None])).strip())
    return is_authors(text) and surely_authors(text)


def _bold_headline(lead: Sequence[Piece], start: int, link: int | None) -> Headline | None:
    end = start
    bold = lead[start].bold
    while (
        end < len(lead)
        and (lead[end].bold if bold else lead[end].italic)
        and (not lead[end].is_break and not lead[end].link)
    ):
        end += 1
    text = plain(lead[start:end])
    tags = _tags(lead[:start])
    before = BOX.sub(" | ", remainder(lead[:start]))
    if len(words(text)) < _SHORT:
        named = _name_and_title(text, lead, end, link is None)
        if named is not None:
            return Headline(named.title, tags, f"{before} | {named.rest}", named.reference)
        if link is not None:
            return None
    return Headline(text, tags, f"{before} | {remainder(lead[end:])}")


def _name_and_title(
    name: str, lead: Sequence[Piece], end: int, alone: bool
) -> Headline | None:  # fmt: skip
    """A bold name with its title behind it: `**LAION-5B**: An …`, `**BERT** Pre-training …`."""
    tail, used = _plain_title(lead, end)
    rest = remainder(lead[end:], {i - end for i in used})
    if name.endswith((":", "：")) or tail.lstrip()[:1] in (":", "："):
        if not words(tail):
            return None
        text = f"{name} {tail}".replace(" :", ":")
        reference = _as_reference(text)
        if reference is not None and reference.title:
            return Headline(reference.title, [], rest, reference)
        return Headline(text, [], rest)
    title, cut = clean_title(tail)
    known = read_tail(title)
    if not alone or len(words(title)) < _SENTENCE or known.authors or known.venue:
        return None
    removed = " | ".join(cut)
    return Headline(title if name in title else f"{name}: {title}", [], f"{rest} | {removed}")


def _tags(items: Sequence[Piece]) -> list[str]:
    return BOX.findall(plain([p for p in items if p.link is None]))


def _plain_title(lead: Sequence[Piece], start: int) -> tuple[str, set[int]]:
    """The text up to the first labelled link, bar or line break, and the pieces it takes."""
    parts: list[str] = []
    used: set[int] = set()
    begun = False
    for i in range(start, len(lead)):
        piece = lead[i]
        if piece.image:
            continue
        if piece.is_break:
            if begun and not _is_wrapped("".join(parts), lead, i + 1):
                break
            if begun:
                parts.append(" ")
                used.add(i)
            continue
        if piece.link is not None and (is_badge(piece) or not names_title(piece)):
            break
        if piece.italic and begun and names_people(piece.text):
            break
        if piece.bold and begun and parts[-1].rstrip().endswith(("|", ".")):
            break
        styled = piece.bold or piece.code or piece.italic
        if styled and not begun and is_bracket_venue(piece.text.strip("[]() ")):
            continue
        parts.append(piece.text)
        used.add(i)
        begun = begun or bool(words(piece.text))
    columns = _without_label("".join(parts)).split(" | ")
    telling = [text for text in columns if words(text) and not is_bracket_venue(text.strip())]
    return telling[0] if telling else columns[0], used


def _is_wrapped(text: str, lead: Sequence[Piece], start: int) -> bool:
    """Whether a title was only wrapped at a line's end: it is long, unclosed, and goes on."""
    if len(text.strip()) < _WRAPPED or text.rstrip().endswith(_CLOSED) or start >= len(lead):
        return False
    piece = lead[start]
    styled = piece.bold or piece.italic or piece.code or piece.image or piece.link is not None
    following = squeeze(piece.text)
    if styled or not 1 <= len(words(following)) <= _WRAPPED_WORDS:
        return False
    tail = read_tail(following)
    return not (is_authors(following) or tail.authors or tail.venue or tail.year)


def _without_label(text: str) -> str:
    """The text without the label of an address that follows it: `Title，论文：`."""
    bare = text.rstrip()
    if not bare.endswith((":", "：")):
        return text
    match = _LABEL_LAST.search(bare := bare[:-1].rstrip())
    if match is None or not label_role(match[0]):
        return text
    return bare[: match.start()].rstrip(_BEFORE_LABEL)


def _as_reference(text: str) -> Reference | None:
    """Plain leading text read as a whole reference, if it has the marks of one."""
    text = _NUMBER.sub("", CHECKBOX.sub("", squeeze(without_emoji(text))))
    quoted = '"' in text or "“" in text
    titled = None if quoted or split_authors(hide_stops(text))[0] else read_titled(text)
    if titled is not None:
        return titled
    reference = read_reference(text)
    if not reference.title or len(words(reference.title)) < 2:
        return None
    if quoted and _NAMED_QUOTE.match(text):
        return reference
    return reference if reference.authors or reference.venue or reference.year else None


def label_as_title(lead: Sequence[Piece]) -> str:
    """The first link's label where nothing else names the entry: `[[PySlowFast]](…)`."""
    for piece in external(lead):
        label = clean_label(piece.text)
        bare = piece.link is not None and piece.link.bare
        if not (bare or piece.recurs or is_badge(piece)) and label_role(label) is None:
            return label
    return ""


def remainder(items: Sequence[Piece], used: set[int] | frozenset[int] = frozenset()) -> str:
    """The text of some pieces with bars where a link, a line break or the title was."""
    parts: list[str] = []
    for i, piece in enumerate(items):
        if piece.image:
            continue
        if i in used or piece.is_break:
            parts.append(" | ")
        elif piece.link is not None:
            label = clean_label(piece.text)
            venue = is_venue(label) and not is_plain_label(label)
            parts.append(f" | {label} | " if venue else " | ")
        else:
            parts.append(piece.text)
    return squeeze(_EMPTY_BOX.sub(" | ", "".join(parts)))
