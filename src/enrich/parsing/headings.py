"""Headings that announce text about the list itself, not entries."""

from __future__ import annotations

import re
from functools import lru_cache

_AROUND = re.compile(r"^[\W\d_]+|[\W_]+$")
_CONTENTS = re.compile(
    r"^(?:table of )?contents?(?: list)?$|^toc$|^index$|^catalogue$|^目[录錄]$", re.IGNORECASE
)
_ADMIN = re.compile(
    r"^(?:latest |recent )?(?:news|updates?|change ?logs?|announcements?)\b|^to[ -]?do\b|"
    r"^contribut|^how to (?:contribute|cite)|^licen[cs]e|^acknowledge?ments?|^citations?$|"
    r"^citing|^cite\b|"
    r"^bibtex$|^contact|^star(?:s|gazers| history)|^star-?gazers|^about(?: me| us| the| this)?$|"
    r"^maintainers?|^sponsors?|^shar(?:e|ing)$|^support\b|^feedback|^disclaimer|^statistics$|"
    r"^legend$|^format\b|^guidelines?|^description$|^introduction$|"
    r"^引用|^贡献|^更新|^致谢|^联系|^交流群",
    re.IGNORECASE,
)
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
    """Whether a heading announces text about the list: contents, news, licence, citation."""
    return is_contents(heading) or bool(_ADMIN.search(_AROUND.sub("", heading)))


@lru_cache(maxsize=4096)
def names_papers(heading: str) -> bool:
    """Whether a heading says that papers stand below it."""
    return bool(_PAPERS.search(heading))
