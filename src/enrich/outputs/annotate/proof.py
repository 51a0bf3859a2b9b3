"""Whether Markdown means the same with marks as without: proven by its tokens, not assumed."""

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
    """What a document is, apart from marks: equal shapes are shown alike.

    With `marked`, marks that Markdown sees as comments around inline text, as part of a block of
    HTML, or as a block of their own are left out; anywhere else they change the shape.
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
    """Lines of `before` whose blocks `after`, with marks, shows otherwise; none if unsure."""
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
    inside = False
    for child in children:
        if marked and child.type == "html_inline" and child.content in (OPEN, CLOSE):
            inside = child.content == OPEN
        elif inside:
            continue
        elif child.type == "text":
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


def _events(html: str) -> list[tuple[object, ...]]:
    reader = _Events()
    reader.feed(html)
    reader.close()
    return reader.settled()


class _Events(HTMLParser):
    """The tags, texts and comments of HTML, what stands between marks left out."""

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
        """The events; an end inside a mark makes them unlike any other."""
        return [*self.found, ("unclosed",)] if self.inside else self.found


def proven(
    items: Sequence[T],
    holds: Callable[[Sequence[T]], bool],
    blame: Callable[[Sequence[T]], Collection[T]],
) -> tuple[list[T], list[T]]:
    """(items that hold together, items refused).

    Items that `blame` names are refused at once; where it names none, halving finds them, so that
    few refusals cost few trials.
    """
    kept: list[T] = list(items)
    refused: list[T] = []
    while kept and not holds(kept):
        bad = blame(kept)
        if not bad:
            suspects, kept = kept, []
            _halve(suspects, holds, kept, refused)
            break
        refused += [item for item in kept if item in bad]
        kept = [item for item in kept if item not in bad]
    return kept, refused


def _halve(
    part: Sequence[T], holds: Callable[[Sequence[T]], bool], kept: list[T], refused: list[T]
) -> None:
    if not part:
        return
    if holds([*kept, *part]):
        kept.extend(part)
    elif len(part) == 1:
        refused.extend(part)
    else:
        middle = len(part) // 2
        _halve(part[:middle], holds, kept, refused)
        _halve(part[middle:], holds, kept, refused)
