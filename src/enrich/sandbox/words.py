"""Words and phrases in many short texts: a small in-memory inverted index."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property

from rapidfuzz.distance import Levenshtein

# Letters and digits; an underscore separates words as other signs do.
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Lower-case words without accents; whatever is not a letter or digit separates them."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _WORD.findall(text.lower())


def stem(word: str) -> str:
    """A light English stem: plurals, -ing, -ed and -ly fall off longer words."""
    for suffix in ("ations", "ation", "ings", "ing", "edly", "ed", "ly", "ies", "es", "s", "e"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


class WordIndex:
    """An inverted index: positions of texts by the words in them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._postings: dict[str, array[int]] = {}
        for i, text in enumerate(self._texts):
            for word in set(words(text)):
                postings = self._postings.get(word)
                if postings is None:
                    postings = self._postings[word] = array("I")
                postings.append(i)

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        stems: dict[str, list[str]] = {}
        for word in self._postings:
            stems.setdefault(stem(word), []).append(word)
        return stems

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, position: int) -> str:
        """One text as it was given."""
        return self._texts[position]

    def words_of(self, position: int) -> list[str]:
        """The words of one text, in order."""
        return words(self._texts[position])

    def _forms(self, word: str, stemmed: bool) -> Sequence[str]:
        return self._by_stem.get(stem(word), ()) if stemmed else (word,)

    def frequency(self, word: str, stemmed: bool = False) -> int:
        """How many texts have the word."""
        return sum(len(self._postings.get(f, ())) for f in self._forms(word, stemmed))

    def having(self, word: str, stemmed: bool = False) -> set[int]:
        """Texts with the word, or with any word of its stem."""
        found: set[int] = set()
        for form in self._forms(word, stemmed):
            found.update(self._postings.get(form, ()))
        return found

    def starting(self, prefix: str) -> set[int]:
        """Texts with a word that starts so."""
        found: set[int] = set()
        for word, postings in self._postings.items():
            if word.startswith(prefix):
                found.update(postings)
        return found

    def resembling(self, word: str, edits: int) -> set[int]:
        """Texts with a word at most `edits` single-character changes away."""
        found: set[int] = set()
        for other, postings in self._postings.items():
            if Levenshtein.distance(word, other, score_cutoff=edits) <= edits:
                found.update(postings)
        return found

    def phrase(self, phrase: Sequence[str], stemmed: bool = False, slop: int = 0) -> set[int]:
        """Texts in which words follow each other.

        Args:
            phrase: The words, as `words` gives them.
            stemmed: Whether any word of the same stem will do.
            slop: How many other words may stand between them.

        Returns:
            The positions of the texts.
        """
        if not phrase:
            return set()
        rarest = min(phrase, key=lambda word: self.frequency(word, stemmed))
        found = self.having(rarest, stemmed)
        if len(phrase) == 1:
            return found
        form = stem if stemmed else _same
        wanted = [form(word) for word in phrase]
        return {
            i for i in found if _follows([form(w) for w in words(self._texts[i])], wanted, slop)
        }


def _same(word: str) -> str:
    return word


def _follows(text: list[str], phrase: list[str], slop: int) -> bool:
    first = phrase[0]
    for start, word in enumerate(text):
        if word != first:
            continue
        at, spare = start, slop
        for wanted in phrase[1:]:
            window = text[at + 1 : at + 2 + spare]
            if wanted not in window:
                break
            step = window.index(wanted)
            at, spare = at + 1 + step, spare - step
        else:
            return True
    return False
