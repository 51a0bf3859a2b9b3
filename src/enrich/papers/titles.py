"""Titles: their normal form, how alike two are, and what forbids that two near ones are one.

The plain form is HTML unescaped, TeX resolved, NFKD without marks, case-folded, punctuation as
spaces; the key is the plain form without spaces. Signs that tell papers apart are kept as words
(`+` as plus, `&` as and), a lone Greek letter gets its name, as `\\alpha` does.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from typing import Final

_SIGNS: Final = {"+": " plus ", "&": " and ", "'": "", "`": "", "’": "", "‘": ""}
_ASCII: Final = {
    code: char.lower() if (char := chr(code)).isalnum() else _SIGNS.get(char, " ")
    for code in range(128)
}
_NEEDS_CARE: Final = re.compile(r"[\\${}<>^_]|&[#\w]+;|[^\x00-\x7f]")

# Letters that NFKD does not take apart, and signs that TeX writes as commands.
_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n", "×": "x", "∞": " infty ", "→": " to ", "±": " pm ",
    }
)  # fmt: skip
_GREEK_LETTER: Final = re.compile(r"(?<![Ͱ-Ͽ])[Α-Ωα-ω](?![Ͱ-Ͽ])")

_TAG: Final = re.compile(
    r"</?(?:su[bp]|i|b|u|em|strong|tt|br|span|scp|small|math|m[a-z]{1,6}|mml:[\w-]+|jats:[\w-]+"
    r"|inline-formula|tex-math|italic|bold|sc)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# `\'e`, `\'{e}`, `\v{c}`, `\c c`: the mark goes, the letter stays.
_TEX_ACCENT: Final = re.compile(
    r"\\(?:[`'^\"~=.]|[bcdHkrtuv](?![A-Za-z]))\s*(?:\{\s*\\?([A-Za-z]*)\s*\}|\\?([A-Za-z]))"
)
_TEX_COMMAND: Final = re.compile(r"\\([A-Za-z]+)\*?\s?|\\(.)")
_TEX_WORDS: Final = {
    "ss": "ss", "o": "o", "O": "O", "l": "l", "L": "L", "ae": "ae", "AE": "AE", "oe": "oe",
    "OE": "OE", "aa": "a", "AA": "A", "i": "i", "j": "j", "ell": "l", "times": "x",
    "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varsigma": "sigma",
    "rightarrow": " to ", "to": " to ", "textregistered": " ", "texttrademark": " ",
}  # fmt: skip
_TEX_STYLE: Final = re.compile(
    r"(?:text|math|font|operatorname|emph|underline|overline|mbox|hbox|boldsymbol|bm|left|right"
    r"|big|Big|rm|bf|it|tt|sc|sf|em|cal|hat|tilde|bar|vec|dot|widehat|widetilde|overrightarrow"
    r"|xspace|quad|qquad|ensuremath|protect|uppercase|lowercase|hspace|vspace|label|cite|footnote"
    r"|thanks|href|url|color|textcolor|displaystyle|scriptsize|small|large|Large|newline|linebreak"
    r"|hyp|smaller|prime|circ|ast|star|dagger|ddagger|cdot|ldots|dots|lq|rq|langle|rangle)"
)
_MATH_JOINTS: Final = str.maketrans({"$": "", "{": "", "}": "", "^": "", "_": ""})


@lru_cache(maxsize=4096)  # a decision asks for the same few titles dozens of times
def plain_title(text: str) -> str:
    """The title in lower case, words parted by single spaces, without marks and markup."""
    if _NEEDS_CARE.search(text):
        text = _cared_for(text)
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    return " ".join(
        "".join(c if c.isalnum() else _SIGNS.get(c, " ") for c in text.casefold()).split()
    )


def title_key(text: str) -> str:
    """The plain title without its spaces: equal keys mean equal titles, however they are set."""
    return plain_title(text).replace(" ", "")


def _cared_for(text: str) -> str:
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if "\\" in text:
        text = _TEX_ACCENT.sub(lambda m: m[1] or m[2] or "", text)
        text = _TEX_COMMAND.sub(_tex_command, text)
    text = text.translate(_MATH_JOINTS)
    if text.isascii():
        return text
    # Case-folding can bring forth what has to be taken apart once more, and the reverse.
    text = _unmarked(_unmarked(text).casefold()).translate(_LETTERS)
    return _GREEK_LETTER.sub(_greek_name, text)


def _unmarked(text: str) -> str:
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
    name = unicodedata.name(match[0], "").split()
    return name[3].lower() if name[2:3] == ["LETTER"] and len(name) > 3 else match[0]
