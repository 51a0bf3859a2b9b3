"""What a column holds, by its heading: `Article Title`, `Published in`, `作者`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from enrich.parsing.inline import squeeze, without_emoji

ColumnRole = Literal["title", "name", "authors", "venue", "year", "code", "links", "note"]

# The first pattern that a heading holds decides, so what qualifies another word stands first.
_HEADINGS: tuple[tuple[ColumnRole, str], ...] = (
    (
        "links",
        r"\b(?:links?|urls?|pdfs?|demo|project|website|page|materials?|download|arxiv|doi|slides|"
        r"videos?)\b|链接|主页",
    ),
    (
        "code",
        r"\b(?:code|github|implementations?|repo|repository|source code|framework)\b|代码|开源",
    ),
    (
        "venue",
        r"\b(?:venue|conference|conf|journal|outlet|published (?:in|at)|publication venue|"
        r"source title|source|booktitle|proceedings|publisher|pub|where|revue|zeitschrift|"
        r"revista)\b|"
        r"会议|期刊|出处|来源|发表于",
    ),
    (
        "year",
        r"\b(?:year|date|time|when|published(?: on)?|month|jahr|datum|ann[ée]e|año|ano)\b|"
        r"年份|日期|时间|年$",
    ),
    ("authors", r"\b(?:authors?|who|by|researchers?|autoren|auteurs?|autores)\b|作者"),
    (
        "title",
        r"\b(?:titles?|titel|titre|t[ií]tulo|papers?|publications?|articles?|works?|stud(?:y|ies))\b|"
        r"论文|标题|题目|タイトル|제목",
    ),
    (
        "name",
        r"\b(?:names?|methods?|models?|approach|algorithm|abbreviation|abbr|acronym|datasets?|"
        r"benchmarks?|resources?|tools?)\b|简称|模型|名称|方法",
    ),
    (
        "note",
        r"\b(?:notes?|comments?|keywords?|remarks?|description|summary|abstract|tl;?dr|tasks?|"
        r"topics?|type|category|institutions?|affiliations?)\b|备注|类型|关键词",
    ),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _HEADINGS)
_IN_PARENTHESES = re.compile(r"[(（][^)）]*[)）]")
_LONGEST = 4  # words: a longer heading is a sentence


@lru_cache(maxsize=1024)
def column_role(heading: str) -> ColumnRole | None:
    """The role of a column; None where its heading names none."""
    text = squeeze(_IN_PARENTHESES.sub(" ", without_emoji(heading))).lower().strip(" *_:")
    if not text or len(text.split()) > _LONGEST:
        return None
    return next((role for role, pattern in _PATTERNS if pattern.search(text)), None)
