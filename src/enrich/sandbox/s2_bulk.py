"""The query language of Semantic Scholar's bulk search, over title and abstract.

`+` and, `|` or, `-` not, `"…"` a phrase, `*` after a prefix, `( )`, `~N` after a word (edits) or a
phrase (words between). Words next to each other must all be there, `|` binds less tightly than
that; words are stemmed. Nothing is a syntax error: what cannot be read is read over.
"""

from __future__ import annotations

import re

from enrich.sandbox.words import WordIndex, words

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<sign>[+|()-])
    | "(?P<phrase>[^"]*)"(?:~(?P<slop>\d+))?
    | (?P<word>[^\s"|()+]+)
    | (?P<stray>")
    )""",
    re.VERBOSE,
)

Token = tuple[str, str, int]  # kind (a sign, 'phrase' or 'word'), text, number after the tilde


def tokens(query: str) -> list[Token]:
    """The query in pieces; a hyphen inside a word stays with it."""
    found: list[Token] = []
    for match in _TOKEN.finditer(query.strip()):
        if match["sign"]:
            found.append((match["sign"], "", 0))
        elif match["phrase"] is not None:
            found.append(("phrase", match["phrase"], int(match["slop"] or 0)))
        elif match["word"]:
            word, _, edits = match["word"].partition("~")
            found.append(("word", word, int(edits) if edits.isdecimal() else 0))
    return found


class BulkQuery:
    """One query, read once; `positions` gives what it finds in an index of titles and abstracts."""

    def __init__(self, query: str, loose: bool = False) -> None:
        self._tokens = tokens(query.replace('"', " ") if loose else query)

    @property
    def has_or(self) -> bool:
        """Whether alternatives are asked for."""
        return any(kind == "|" for kind, _, _ in self._tokens)

    @property
    def terms(self) -> int:
        """How many words and phrases."""
        return sum(kind in ("word", "phrase") for kind, _, _ in self._tokens)

    def positions(self, titles: WordIndex, abstracts: WordIndex) -> set[int]:
        """Positions of the texts that fit."""
        reader = _Reader(self._tokens, titles, abstracts)
        found: set[int] = set()
        while not reader.done:
            found |= reader.alternatives()
            reader.skip_stray()
        return found


class _Reader:
    def __init__(self, pieces: list[Token], titles: WordIndex, abstracts: WordIndex) -> None:
        self._tokens, self._at = pieces, 0
        self._titles, self._abstracts = titles, abstracts

    @property
    def done(self) -> bool:
        return self._at >= len(self._tokens)

    @property
    def _kind(self) -> str:
        return "" if self.done else self._tokens[self._at][0]

    def skip_stray(self) -> None:
        if not self.done:
            self._at += 1

    def alternatives(self) -> set[int]:
        found = self._together()
        while self._kind == "|":
            self._at += 1
            found |= self._together()
        return found

    def _together(self) -> set[int]:
        """Terms up to the next `|` or `)`: those wanted, less those unwanted."""
        wanted: set[int] | None = None
        unwanted: set[int] = set()
        while self._kind not in ("", "|", ")"):
            if self._kind == "+":
                self._at += 1
                continue
            negative = self._kind == "-"
            if negative:
                self._at += 1
                if self._kind in ("", "|", ")", "+", "-"):
                    continue
            found = self._term()
            if negative:
                unwanted |= found
            else:
                wanted = found if wanted is None else wanted & found
        if wanted is None:
            wanted = set(range(len(self._titles))) if unwanted else set()
        return wanted - unwanted

    def _term(self) -> set[int]:
        kind, text, number = self._tokens[self._at]
        self._at += 1
        if kind == "(":
            found = self.alternatives()
            if self._kind == ")":
                self._at += 1
            return found
        found = set()
        for index in (self._titles, self._abstracts):
            if kind == "word" and text.endswith("*"):
                found |= index.starting("".join(words(text)))
            elif kind == "word" and number:
                found |= index.resembling("".join(words(text)), number)
            else:
                found |= index.phrase(words(text), stemmed=True, slop=number)
        return found
