"""Runs of text as pieces: what is a link, what is text, and how each is set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from enrich.papers.identifiers import find_urls
from enrich.parsing.document import BREAK, Anchor, Block, Piece, Span

_EMOJI_CODE = re.compile(r":[a-z0-9_+\-]{2,30}:")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u23e9-\u23fa\ufe0f\u200d\u20e3"
    "\U000e0000-\U000e007f\u2191\u21a9\u21aa\u21d1\u21e7]+"
)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
# Soft hyphens, zero-width and direction marks: seen by no reader, in the way of every comparison.
_UNSEEN = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060])
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD_OR_PAIR = re.compile(
    rf"[{_CJK}]{{1,2}}|(?:(?![{_CJK}])[^\W_])+(?:['’\-](?:(?![{_CJK}])[^\W_])+)*"
)


def squeeze(text: str) -> str:
    """One space where there was white space of any kind; none at the ends."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text; two characters of Chinese, Japanese or Korean count as one."""
    return tuple((_WORD if text.isascii() else _WORD_OR_PAIR).findall(text))


def without_emoji(text: str) -> str:
    """The text without pictograms, written as characters or as `:star:`."""
    if not text.isascii():
        text = _EMOJI.sub(" ", text.translate(_UNSEEN).replace("-\u2010", "-"))
    return _EMOJI_CODE.sub(" ", text) if ":" in text else text


def bars_for_emoji(text: str) -> str:
    """The text with a bar for each run of pictograms: they stand between fields."""
    if not text.isascii():
        text = _EMOJI.sub(" | ", text.translate(_UNSEEN).replace("-\u2010", "-"))
    return _EMOJI_CODE.sub(" | ", text) if ":" in text else text


def pieces(spans: Iterable[Span]) -> list[Piece]:
    """Spans as pieces: the spans of a link joined, written-out addresses turned into links."""
    result: list[Piece] = []
    for span in spans:
        last = result[-1] if result else None
        if span.link is not None and last is not None and last.link is span.link:
            if last.image and not span.image:
                last.text, last.image = span.text, False
            elif not span.image:
                last.text += " " if span.text == BREAK else span.text
            last.bold |= span.bold
            continue
        if span.link is None and not span.image and "://" in span.text:
            result.extend(_split_addresses(span))
            continue
        if (
            last is not None and last.link is None and span.link is None and not span.image
            and not last.image and last.text != BREAK and span.text != BREAK
            and (last.bold, last.italic, last.code) == (span.bold, span.italic, span.code)
        ):  # fmt: skip
            last.text += span.text
            continue
        result.append(
            Piece(span.text, span.line, span.bold, span.italic, span.code, span.image, span.link)
        )
    return result


def block_pieces(block: Block) -> list[Piece]:
    """The pieces of a block's own text; read once, so not to be changed."""
    if block.pieces is None:
        block.pieces = pieces(block.spans)
    return block.pieces


def _split_addresses(span: Span) -> list[Piece]:
    parts: list[Piece] = []
    last = 0
    for start, url in find_urls(span.text):
        if start > last:
            parts.append(Piece(span.text[last:start], span.line, span.bold, span.italic))
        parts.append(Piece(url, span.line, link=Anchor(url, span.line, bare=True)))
        last = start + len(url)
    if last < len(span.text):
        parts.append(Piece(span.text[last:], span.line, span.bold, span.italic, span.code))
    return parts


def plain(items: Sequence[Piece]) -> str:
    """The text of some pieces as a reader sees it, images left out."""
    return squeeze("".join(piece.text for piece in items if not piece.image))


def lines(items: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces cut at line breaks."""
    result: list[list[Piece]] = [[]]
    for piece in items:
        if piece.is_break:
            result.append([])
        else:
            result[-1].append(piece)
    return [line for line in result if line]


@lru_cache(maxsize=1 << 14)
def title_identity(title: str) -> str:
    """The letters and digits of a title, folded; what a title is recognised by."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()
