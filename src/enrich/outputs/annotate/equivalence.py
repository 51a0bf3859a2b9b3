"""Check by its tokens that Markdown means the same with marks as without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from html.parser import HTMLParser
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

from enrich.parsing.marks import CLOSE, MARK, OPEN

T = TypeVar("T")
Shape = list[tuple[object, ...]]


def tokens_of(text: str) -> list[Token]:
    """Tokens of Markdown with tables, as GitHub reads it."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def shape(tokens: Sequence[Token], *, marked: bool = False) -> Shape:
    """The content of a document apart from marks: equal shapes render alike.

    With `marked`, marks that Markdown sees as comments around inline text, as part of a block of
    HTML, or as a block of their own are ignored; anywhere else they change the shape.
    """
    found: Shape = []
    for token in tokens:
        if token.type == "inline":
            found.append(("inline", token.level, tuple(_inline(token.children or (), marked))))
            continue
        content = token.content
        if marked and token.type == "html_block" and OPEN in content:
            bare = MARK.sub("", content)
            if not bare.strip():
                continue
            if _events(content) != _events(bare):
                found.append(("mark out of place",))
            content = bare
        found.append(
            (token.type, token.level, token.tag, token.info, tuple(token.attrs.items()), content)
        )
    return found


def differing(before: Sequence[Token], after: Sequence[Token]) -> set[int]:
    """Lines of `before` whose blocks render differently in `after`; empty if unknown."""
    places: list[tuple[int, int]] = []
    for token in before:
        places.append(
            (token.map[0], token.map[1]) if token.map else places[-1] if places else (0, 0)
        )
    old, new = shape(before, marked=True), shape(after, marked=True)
    if not len(old) == len(new) == len(places):
        return set()
    return {
        line
        for one, other, (start, end) in zip(old, new, places, strict=True)
        if one != other
        for line in range(start, end)
    }


def _inline(children: Sequence[Token], marked: bool) -> Iterator[tuple[object, ...]]:
    text = ""
    end_of_mark = -1
    for at, child in enumerate(children):
        if marked and at > end_of_mark and _is_comment(child, OPEN):
            end_of_mark = _end_of_mark(children, at)
        if at <= end_of_mark:
            continue
        if child.type == "text":
            text += child.content
        else:
            if text:
                yield ("text", text)
            text = ""
            yield (
                child.type, child.tag, child.level, tuple(child.attrs.items()), child.content,
                tuple(_inline(child.children or (), marked)),
            )  # fmt: skip
    if text:
        yield ("text", text)


def _is_comment(child: Token, content: str) -> bool:
    return child.type == "html_inline" and child.content == content


def _end_of_mark(children: Sequence[Token], start: int) -> int:
    """The position of the comment that closes the mark opened at `start`; -1 without one."""
    for at in range(start + 1, len(children)):
        if _is_comment(children[at], OPEN):
            break
        if _is_comment(children[at], CLOSE):
            return at
    return -1


def _events(html: str) -> list[tuple[object, ...]]:
    reader = _Events()
    reader.feed(html)
    reader.close()
    return reader.settled()


class _Events(HTMLParser):
    """The tags, texts and comments of HTML without what is between marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[object, ...]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add("start", tag, tuple(attrs))

    def handle_endtag(self, tag: str) -> None:
        self._add("end", tag)

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "text" and not self.inside:
            data = f"{self.found.pop()[1]}{data}"
        self._add("text", data)

    def handle_comment(self, data: str) -> None:
        if f"<!--{data}-->" in (OPEN, CLOSE):
            self.inside = f"<!--{data}-->" == OPEN
        else:
            self._add("comment", data)

    def handle_decl(self, decl: str) -> None:
        self._add("declaration", decl)

    def _add(self, *event: object) -> None:
        if not self.inside:
            self.found.append(event)

    def settled(self) -> list[tuple[object, ...]]:
        """The events; HTML that ends inside a mark equals no other."""
        return [*self.found, ("unclosed",)] if self.inside else self.found


def largest_valid(
    items: Sequence[T],
    is_valid: Callable[[Sequence[T]], bool],
    culprits: Callable[[Sequence[T]], Collection[T]],
) -> tuple[list[T], list[T]]:
    """Split items into those that are valid together and those refused.

    Args:
        items: What is to be kept, in order.
        is_valid: Whether some of the items are valid together.
        culprits: The items known to make an invalid set invalid; empty if unknown, then halving
            finds them, so that few refusals cost few trials.

    Returns:
        (kept, refused).
    """
    kept: list[T] = list(items)
    refused: list[T] = []
    while kept and not is_valid(kept):
        bad = culprits(kept)
        if not bad:
            suspects, kept = kept, []
            _halve(suspects, is_valid, kept, refused)
            break
        refused += [item for item in kept if item in bad]
        kept = [item for item in kept if item not in bad]
    return kept, refused


def _halve(
    part: Sequence[T], is_valid: Callable[[Sequence[T]], bool], kept: list[T], refused: list[T]
) -> None:
    if not part:
        return
    if is_valid([*kept, *part]):
        kept.extend(part)
    elif len(part) == 1:
        refused.extend(part)
    else:
        middle = len(part) // 2
        _halve(part[:middle], is_valid, kept, refused)
        _halve(part[middle:], is_valid, kept, refused)
