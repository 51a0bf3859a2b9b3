"""What kind of thing an entry is, decided from labels, links, section and wording, with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.identifiers import link_key
from enrich.lists.fields import Fields
from enrich.records import Identifiers, Kind, Link

_TUTORIAL = re.compile(r"\b(?:tutorials?|courses?|lectures?|workshops?|seminars?)\b|教程|课程", re.IGNORECASE)
_LIST = re.compile(r"\b(?:awe?some|reading[ -]list|paper[ -]?list|curated|must[- ]read|papers with code)\b|\bawesome-", re.IGNORECASE)
_DATASET = re.compile(r"\b(?:datasets?|data ?sets?|benchmarks?|corpus|corpora)\b|数据集", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:tools?|tool ?box(?:es)?|software|librar(?:y|ies)|frameworks?|implementations?|codes?|pytorch|tensorflow|keras|"
    r"toolkits?|packages?|platforms?|pretrained|extractor|utilities|repositor?y|open[- ]source)\b|工具|代码",
    re.IGNORECASE,
)
_POST = re.compile(r"\b(?:blogs?|posts?|articles?|news)\b|博客", re.IGNORECASE)
_VIDEO = re.compile(r"\b(?:videos?|talks?)\b(?! \w+ing)", re.IGNORECASE)
_PAPER_SECTION = re.compile(r"\b(?:papers?|publications?|surveys?|reviews?|literature)\b|论文|综述", re.IGNORECASE)
_SITE = re.compile(r"\b(?:websites?|leaderboards?|communit(?:y|ies)|conferences?|journals?)\b", re.IGNORECASE)


def decide_kind(fields: Fields, ids: Identifiers, section: Sequence[str]) -> tuple[Kind, str]:
    """(kind, reason). A paper link makes a paper; else wording and section speak."""
    title = fields.title
    links = fields.links
    if _LIST.search(title) and not _has_paper_id(ids):
        return "list", "the wording names a list"
    paper_links = [link for link in links if link.role == "paper"]
    if _has_paper_id(ids) or any(link_key(link.url) for link in links):
        return "paper", "it links or names a paper"
    if paper_links:
        return "paper", f"a link is labelled {paper_links[0].label!r}"
    near = section[-1] if section else ""
    whole = " / ".join(section)
    roles = {link.role for link in links}
    if links and roles <= {"post"}:
        return "post", "its only link is a post"
    for pattern, kind in (
        (_TUTORIAL, "tutorial"), (_DATASET, "dataset"), (_CODE, "code"), (_POST, "post"),
        (_SITE, "website"),
    ):  # fmt: skip
        if pattern.search(near) and not _PAPER_SECTION.search(near):
            return _refine(kind, fields), f"the section is {near!r}"  # type: ignore[arg-type]
    if _reads_like_paper(fields):
        return "paper", "the wording is a paper's title"
    if roles & {"code"} or any("github.com" in link.url for link in links):
        return "code", "it links code and no paper"
    if "dataset" in roles or _DATASET.search(title):
        return "dataset", "the wording or a link names a dataset"
    if _TUTORIAL.search(title) or roles & {"slides"}:
        return "tutorial", "the wording or a link names a tutorial"
    if "post" in roles:
        return "post", "it links a post"
    if not links:
        return ("paper", "the wording is a title and nothing speaks against it") if whole else ("other", "no link")
    return "website", "it links a page and no paper"


def _has_paper_id(ids: Identifiers) -> bool:
    return ids != Identifiers()


def _refine(kind: Kind, fields: Fields) -> Kind:
    if kind == "dataset" and _CODE.search(fields.title) and not _DATASET.search(fields.title.split(":")[0]):
        if any("github.com" in link.url for link in fields.links):
            return "code"
    if kind in ("dataset", "code") and fields.links and {l.role for l in fields.links} <= {"post"}:
        return "post"
    return kind


def _reads_like_paper(fields: Fields) -> bool:
    if fields.authors or fields.venue:
        return True
    title = fields.title
    if _CODE.search(title) or title.endswith("."):
        return False
    if not fields.links:
        return len(title.split()) >= 3
    return ":" in title and len(title.split()) >= 5 and title.count(",") < 3


def _unused(link: Link) -> None: ...
