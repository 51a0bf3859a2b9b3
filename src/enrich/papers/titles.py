"""Titles and their normal form: `Title` holds the plain form, the key and the words of a title.

The plain form is HTML unescaped, TeX resolved, NFKD without marks, case-folded, punctuation as
spaces; the key is the plain form without spaces. Signs that distinguish papers are kept as words
(`+` as plus, `&` as and), a single Greek letter becomes its name, as `\\alpha` does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Final

_SIGNS: Final = {"+": " plus ", "&": " and ", "'": "", "`": "", "’": "", "‘": ""}
_ASCII: Final = {
    code: char.lower() if (char := chr(code)).isalnum() else _SIGNS.get(char, " ")
    for code in range(128)
}
_HAS_MARKUP: Final = re.compile(r"[\\${}<>^_]|&[#\w]+;|[^\x00-\x7f]")

# Letters that NFKD does not decompose, and signs that TeX writes as commands.
_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n", "×": "x", "∞": " infty ", "→": " to ", "±": " pm ",
    }
)  # fmt: skip
_GREEK_LETTER: Final = re.compile(r"(?<![Ͱ-Ͽ])[α-ω](?![Ͱ-Ͽ])")

_TAG: Final = re.compile(
    r"</?(?:su[bp]|i|b|u|em|strong|tt|br|span|scp|small|math|m[a-z]{1,6}|mml:[\w-]+|jats:[\w-]+"
    r"|inline-formula|tex-math|italic|bold|sc)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# `\'e`, `\'{e}`, `\v{c}`, `\c c`: an accent and its letter.
_TEX_ACCENT: Final = re.compile(
    r"\\([`'^\"~=.]|[bcdHkrtuv](?![A-Za-z]))\s*(?:\{\s*\\?([A-Za-z]*)\s*\}|\\?([A-Za-z]))"
)
_COMBINING: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "b": "\u0331", "d": "\u0323",
}  # fmt: skip
_TEX_COMMAND: Final = re.compile(r"\\([A-Za-z]+)\*?\s?|\\(.)")
_TEX_WORDS: Final = {
    "ss": "ss", "o": "o", "O": "O", "l": "l", "L": "L", "ae": "ae", "AE": "AE", "oe": "oe",
    "OE": "OE", "aa": "a", "AA": "A", "i": "i", "j": "j", "ell": "l", "times": "x",
    "varepsilon": "epsilon ", "varphi": "phi ", "vartheta": "theta ", "varsigma": "sigma ",
    "rightarrow": " to ", "to": " to ", "textregistered": " ", "texttrademark": " ",
}  # fmt: skip
_TEX_STYLE: Final = re.compile(
    r"(?:text|math|font|operatorname|emph|underline|overline|mbox|hbox|boldsymbol|bm|left|right"
    r"|big|Big|rm|bf|it|tt|sc|sf|em|cal|hat|tilde|bar|vec|dot|widehat|widetilde|overrightarrow"
    r"|xspace|quad|qquad|ensuremath|protect|uppercase|lowercase|hspace|vspace|label|cite|footnote"
    r"|thanks|href|url|color|textcolor|displaystyle|scriptsize|small|large|Large|newline|linebreak"
    r"|hyp|smaller|prime|circ|ast|star|dagger|ddagger|cdot|ldots|dots|lq|rq|langle|rangle)"
)
_MATH_SIGNS: Final = str.maketrans({"$": "", "{": "", "}": "", "^": "", "_": ""})


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its normal forms, computed once.

    Attributes:
        text: The title as written.
        plain: Lower case, single spaces between words, no accents, markup or punctuation.
        key: The plain form without spaces: equal keys mean equal titles, however typeset.
        words: The words of the plain form.
    """

    text: str
    plain: str
    key: str
    words: tuple[str, ...]

    @staticmethod
    @lru_cache(maxsize=16_384)  # a decision compares the same few titles dozens of times
    def of(text: str) -> Title:
        """The title of a text, from a cache."""
        plain = plain_title(text)
        return Title(text, plain, plain.replace(" ", ""), tuple(plain.split()))


def plain_title(text: str) -> str:
    """The plain form of a title; `Title.of` also caches it."""
    if _HAS_MARKUP.search(text):
        text = _without_markup(text)
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    return " ".join(
        "".join(c if c.isalnum() else _SIGNS.get(c, " ") for c in text.casefold()).split()
    )


def title_key(text: str) -> str:
    """The key of a title."""
    return Title.of(text).key


def readable_title(text: str) -> str:
    """The title with HTML and TeX resolved but case, accents and punctuation kept."""
    return " ".join(_resolved(text, combine=True).split()) if _HAS_MARKUP.search(text) else text


def _without_markup(text: str) -> str:
    text = _resolved(text)
    if text.isascii():
        return text
    # Case folding can produce characters that decompose further, and the reverse.
    text = _without_accents(_without_accents(text).casefold()).translate(_LETTERS)
    return _GREEK_LETTER.sub(_greek_name, text)


def _resolved(text: str, *, combine: bool = False) -> str:
    """The text without HTML and TeX; accents of TeX are dropped, or combined with their letter."""
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if "\\" in text:
        text = _TEX_ACCENT.sub(_accented if combine else _bare, text)
        text = _TEX_COMMAND.sub(_tex_command, text)
    return text.translate(_MATH_SIGNS)


def _bare(match: re.Match[str]) -> str:
    return match[2] or match[3] or ""


def _accented(match: re.Match[str]) -> str:
    mark = _COMBINING.get(match[1], "")
    return unicodedata.normalize("NFC", _bare(match) + mark) if _bare(match) else ""


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _tex_command(match: re.Match[str]) -> str:
    name, sign = match[1], match[2]
    if name is None:
        return sign if sign in "&%#$_{}" else " "
    if name in _TEX_WORDS:
        return _TEX_WORDS[name]
    return "" if _TEX_STYLE.match(name) else name + " "


def _greek_name(match: re.Match[str]) -> str:
    return unicodedata.name(match[0]).rpartition(" ")[2].lower()
