"""Headings that announce text about the list itself, not entries."""

from __future__ import annotations

import re
from functools import lru_cache

_AROUND = re.compile(r"^[\W\d_]+|[\W_]+$")
_CONTENTS = re.compile(
    r"^(?:table of )?contents?(?: list)?$|^toc$|^index$|^catalogue$|^目[录錄]$", re.IGNORECASE
)
# Words that make a heading administrative, where every other word of it may stand beside them.
_ADMIN = re.compile(
    r"news|updates?|updated|change ?-?logs?|announcements?|to-?do|contribut\w*|licen[cs]es?|"
    r"licen[cs]ing|acknowledge?ments?|citations?|citing|cite|bibtex|contacts?|star(?:s|gazers)|"
    r"star|about|maintainers?|sponsors?|shar(?:e|ing)|support|feedback|disclaimer|statistics|"
    r"legend|format|guidelines?|description|introduction"
)
_BESIDE = frozenset(
    [
        *("a", "an", "and", "by", "for", "from", "how", "if", "in", "is", "it", "me", "my", "of"),
        *("on", "or", "our", "please", "the", "this", "these", "to", "us", "we", "what"),
        *("you", "your", "latest", "recent", "new", "list", "lists", "page", "project", "repo"),
        *("repository", "resource", "resources", "paper", "work", "survey", "awesome", "history"),
        *("information", "info", "details", "code", "conduct", "community", "suggestions"),
        *("questions", "policy", "notice", "entries"),
    ]
)
_ADMIN_CJK = re.compile(r"^(?:引用|贡献|更新|致谢|联系|交流群)")
_WORD = re.compile(r"to-do|change-?logs?|[^\W_]+(?:['’][^\W_]+)*")
_PAPERS = re.compile(
    r"\b(?:papers?|publications?|surveys?|reviews?|literature|bibliography|reading)\b|论文|综述|文献",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_contents(heading: str) -> bool:
    """Whether a heading announces the list's table of contents."""
    return bool(_CONTENTS.search(_AROUND.sub("", heading)))


@lru_cache(maxsize=4096)
def is_admin(heading: str) -> bool:
    """Whether a heading announces text about the list: contents, news, licence, citation.

    Every word of it must: `Feedback` does, `Feedback & Reflection` is a subject.
    """
    text = _AROUND.sub("", heading)
    if is_contents(heading) or _ADMIN_CJK.match(text):
        return True
    words = _WORD.findall(text.lower().replace("to do", "to-do").replace("change log", "changelog"))
    found = [bool(_ADMIN.fullmatch(word)) for word in words]
    others = (word in _BESIDE or word.isdigit() for word in words)
    return any(found) and all(admin or other for admin, other in zip(found, others, strict=True))


@lru_cache(maxsize=4096)
def names_papers(heading: str) -> bool:
    """Whether a heading says that papers stand below it."""
    return bool(_PAPERS.search(heading))
