"""The labels lists put on links, and the role each names: `[Paper]`, `[official code - torch]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from enrich.parsing.venues import is_short_venue, is_venue
from enrich.records import Role

_VOCABULARY: tuple[tuple[Role, str], ...] = (
    (
        "paper",
        "paper papers pdf arxiv abs abstract preprint thesis publication article openreview doi "
        "acm ieee springer eprint biorxiv html ps cvf pmlr ecva manuscript 论文 文章 原文 "
        "論文 논문",
    ),
    (
        "code",
        "code codes github git gitlab implementation implementations repo repository source torch "
        "pytorch tensorflow tf keras caffe caffe2 matlab mxnet jax paddle python reference "
        "software library toolbox toolkit colab notebook c c++ java julia chainer theano lua r "
        "代码 代碼 源码 开源 开源代码 코드",
    ),
    (
        "project",
        "project website web site page homepage home webpage demo leaderboard 主页 项目 "
        "项目主页 官网",
    ),
    ("dataset", "dataset datasets data benchmark 数据集 数据"),
    ("post", "blog post medium news tutorial 博客 解读 中文解读"),
    ("video", "video videos youtube talk lecture bilibili presentation 视频"),
    ("slides", "slides slide ppt pptx keynote poster"),
    (
        "other",
        "bib bibtex bibtext cite citation supp supplement supplementary supplemental appendix "
        "model models weights checkpoint checkpoints download link links url huggingface hf api "
        "app review reviews comment comments results here twitter tweet x discussion docs doc "
        "documentation wiki pretrained material materials space spaces 链接 补充材料",
    ),
)
_ROLES: dict[str, Role] = {word: role for role, words in _VOCABULARY for word in words.split()}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words a label may hold beside those without becoming a title.
_FILLERS = _set(
    "official unofficial the a another other by author authors first second in on of and for with "
    "version v1 v2 v3 v4 cpu gpu full short extended long journal conference workshop new old our "
    "original my this also see more main final ver re local open based online offline interactive "
    "live coming soon train training test inference en cn eng zh english chinese japanese mirror "
    "backup google drive baidu"
)
# What may stand before a colon on a line about an entry, beside the labels of links.
FIELD_WORDS = _set(
    "author authors venue keyword keywords summary note notes abstract publisher year date task "
    "tasks comment comments highlight highlights tl;dr tldr conference journal institution title "
    "affiliation url published citations "
    "标题 论文标题 论文题目 论文名称 论文作者 团队 作者 单位 作者单位 备注 "
    "关键词 会议 期刊 简介"
)
_WORD = re.compile(r"[^\W_]+(?:\+\+)?|\+\+", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_LABELS = tuple(word for word in _ROLES if _CJK.search(word))
_LONGEST = 8  # words
_LONGEST_CJK = 6  # characters: `论文链接` is a label, a sentence with 论文 in it is none


@lru_cache(maxsize=8192)
def label_role(label: str) -> Role | None:
    """The role a link's label names; None when it is no label but a name or a title.

    The first telling word decides. A label in brackets may hold a word or two that are unknown.
    """
    words = _WORD.findall(label.lower())
    if not words:
        return "other"
    if is_short_venue(label.strip("[]() ")):
        return "paper"
    if len(words) > _LONGEST:
        return None
    bracketed = label.strip().startswith("[")
    found = list(_roles(words))
    if None in found and not (bracketed and label.strip().endswith("]") and len(words) <= 3):
        return None
    telling = [role for role in found if role not in (None, "other", "filler")]
    if telling:
        return telling[0]  # type: ignore[return-value]
    if bracketed or "other" in found or all(role == "filler" for role in found):
        return "other"
    return None


def is_plain_label(label: str) -> bool:
    """Whether a label is one word of the vocabulary: `arXiv` says where, not at which venue."""
    return label.strip().lower() in _ROLES


def _roles(words: list[str]) -> Iterator[str | None]:
    """Per word its role, `filler` or None."""
    for word in words:
        role: str | None = _ROLES.get(word)
        if role is None and word.endswith("s"):
            role = _ROLES.get(word[:-1])
        if role is None and (word in _FILLERS or word.isdigit() or is_venue(word)):
            role = "filler"
        if role is None and len(word) <= _LONGEST_CJK and _CJK.search(word):
            role = next((_ROLES[known] for known in _CJK_LABELS if known in word), None)
        yield role
