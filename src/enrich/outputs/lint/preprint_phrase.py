"""Find the words by which an entry names its preprint, as one phrase that can be replaced whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from enrich.papers.identifiers.grammar import ARXIV
from enrich.papers.venues import PREPRINT_SERVERS

# Links, addresses, code and comments: what is in them is no statement about the venue.
_NOT_TEXT = re.compile(
    r"\[[^\[\]]*\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)"
    r"|<a\b.*?</a\s*>|<[^<>]*>|https?://\S+|`[^`]*`",
    re.IGNORECASE | re.DOTALL,
)
_SERVER = rf"(?:arxiv\.org|{PREPRINT_SERVERS})"
# The id is one part of a larger pattern, in which a group name may occur once.
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_ID = _NAMED_GROUP.sub("(?:", ARXIV)
_YEAR = r"(?:19|20)\d\d"
# `arXiv`, `arXiv preprint arXiv:1901.09107 [cs.CV]`, `CoRR, abs/1901.09107`, `preprint`; and a year
# behind it, bare, in brackets or after a comma.
_PHRASE = re.compile(
    rf"(?<![\w/.-])(?:(?:{_SERVER}|pre-?prints?|e-?prints?|abs)(?![\w-])[\s.,:;/_-]*(?:{_ID})?"
    rf"(?:\s*\[[\w.-]+\])?[\s,]*)+",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(
    rf"[\s,.:]*(?:\(\s*(?P<brackets>{_YEAR})\s*\)|(?P<bare>{_YEAR})|['’](?P<short>\d\d))(?![\w-])"
)
# A date that is not read as a year: what would be written in front of it is not certain.
_OTHER_DATE = re.compile(r"[\s,.:'’]*\d")
_ANY_SERVER = re.compile(rf"(?<![\w]){_SERVER}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PreprintPhrase:
    """`text[start:end]` names the preprint; `year` is the year within it."""

    start: int
    end: int
    year: int | None


def preprint_phrase(text: str) -> PreprintPhrase | None:
    """The one phrase of `text` that names a preprint server, with its id and year.

    None where there is none, or more than one: which of them is the venue is not certain then.
    """
    visible = _NOT_TEXT.sub(lambda match: "\0" * len(match[0]), text)
    found = [match for match in _PHRASE.finditer(visible) if _ANY_SERVER.search(match[0])]
    if len(found) != 1:
        return None
    start, end = found[0].start(), found[0].start() + len(found[0][0].rstrip(" \t\r\n.,:;/_-"))
    if year := _YEAR_BEHIND.match(visible, end):
        digits = year["brackets"] or year["bare"] or f"20{year['short']}"
        return PreprintPhrase(start, year.end(), int(digits))
    if _OTHER_DATE.match(visible, end):
        return None
    return PreprintPhrase(start, end, None)
