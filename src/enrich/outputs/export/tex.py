"""Escape text for TeX and BibTeX, keeping mathematics and meaningful capitals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# A dollar opens mathematics only where what follows is not a blank, and closes it only where what
# stands before is not a blank and what follows no digit: the rule Pandoc's manual gives.
_MATH = re.compile(r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)*?)(?<![\s\\])\$(?![\d$])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# TeX's special characters as commands that print them.
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%",
    "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}  # fmt: skip
_MATH_SPECIAL = re.compile(r"(?<!\\)[%&#]")

_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
# `\'e`, `\'{e}`, `\v{c}`, `\c c`: an accent command and its letter.
_ACCENT = re.compile(
    r"\\(?:([`'^~\"=.])\s*(?:\{\s*(\\?[A-Za-z])\s*\}|(\\i(?![a-z])|[A-Za-z]))"
    r"|([uvHckrdb])\s*\{\s*(\\?[A-Za-z])\s*\}|([uvHckrdb])\s+([A-Za-z])(?![A-Za-z]))"
)
_BRACED_ACCENT = re.compile(r"\{(" + _ACCENT.pattern + r")\}")
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı",
}  # fmt: skip
# `{\o}` and `\o{}`: a command for a letter of its own.
_LETTER = re.compile(r"\{\\(ss|ae|AE|oe|OE|aa|AA|[oOlLi])\}|\\(ss|ae|AE|oe|OE|aa|AA|[oOlLi])\{\}")
_ESCAPED = re.compile(r"\\([%&#_$])")


def untex(text: str) -> str:
    """TeX accents, letters and escapes outside mathematics as Unicode: `Poincar\\'e`, `50\\%`."""
    if "\\" not in text:
        return text
    return "".join(part if math else _untex(part) for part, math in _parts(text))


def _untex(text: str) -> str:
    text = _BRACED_ACCENT.sub(lambda m: _ACCENT.sub(_accent, m[1]), text)
    text = _ACCENT.sub(_accent, text)
    text = _LETTER.sub(lambda m: _LETTERS[m[1] or m[2]], text)
    return unicodedata.normalize("NFC", _ESCAPED.sub(r"\1", text))


def _accent(match: re.Match[str]) -> str:
    sign, *letters = [group for group in match.groups() if group]
    letter = letters[0].lstrip("\\")
    whole = unicodedata.normalize("NFC", letter + _MARKS[sign])
    return whole if len(whole) == 1 else match[0]


def title(text: str, *, ascii_only: bool = False) -> str:
    """A title as a BibTeX value: styles that set titles in lower case keep what must stay."""
    proper = _is_sentence(text)
    shouted = text.upper() == text
    out = []
    for part, math in _parts(text):
        if math:
            inner = _MATH_SPECIAL.sub(lambda m: "\\" + m[0], part)
            out.append(f"{{{_ascii(inner) if ascii_only else inner}}}")
            continue
        at = 0
        for word in _WORD.finditer(part):
            out.append(value(part[at : word.start()], ascii_only=ascii_only))
            plain = value(word[0], ascii_only=ascii_only)
            first = not "".join(out).strip() or bool(re.search(r"[:.?!]\s*$", part[: word.start()]))
            keep = not shouted and (_inner_capital(word[0]) or (proper and not first))
            out.append(f"{{{plain}}}" if keep and word[0] != word[0].lower() else plain)
            at = word.end()
        out.append(value(part[at:], ascii_only=ascii_only))
    return "".join(out)


def value(text: str, *, ascii_only: bool = False) -> str:
    """Any other text as a BibTeX value, in one line, braces balanced."""
    escaped = "".join(_SPECIAL.get(c, c) for c in text)
    return _ascii(escaped) if ascii_only else escaped


def verbatim(text: str) -> str:
    """An address or a DOI, which TeX takes literally: only what would end the value is coded."""
    return "".join(f"%{ord(c):02X}" if c in "{}\\" or c.isspace() else c for c in text)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """(text, whether it is mathematics with its dollars), in order."""
    at = 0
    for match in _MATH.finditer(text):
        if _balanced(match[1]):
            yield text[at : match.start()], False
            yield match[0], True
            at = match.end()
    yield text[at:], False


def _balanced(math: str) -> bool:
    # BibTeX counts every brace, an escaped one too.
    depth = 0
    for c in math:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def _inner_capital(word: str) -> bool:
    """BERT, ImageNet, How2, X: capitals that are not there because a word begins."""
    capitals = sum(c.isupper() for c in word)
    return (
        any(c.isupper() for c in word[1:])
        or (capitals > 0 and any(c.isdigit() for c in word))
        or (len(word) == 1 and capitals == 1 and word != "A")
    )


def _is_sentence(text: str) -> bool:
    """Whether the title is set like a sentence, so that its capitals are names."""
    words = [word for word in _WORD.findall(text)[1:] if len(word) > 3 and word[0].isalpha()]
    return bool(sum(word[0].isupper() for word in words) * 2 < len(words))


def _ascii(text: str) -> str:
    return text if text.isascii() else str(_encoder().unicode_to_latex(text))


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from pylatexenc.latexencode import UnicodeToLatexEncoder  # type: ignore[import-untyped]

    return UnicodeToLatexEncoder(
        non_ascii_only=True,
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )
