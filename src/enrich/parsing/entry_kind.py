"""Decide what kind of thing an entry is: by labels, links, section and wording, with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.papers.identifiers import link_key, names_paper
from enrich.parsing.fields import Fields
from enrich.parsing.headings import names_papers
from enrich.parsing.inline import words
from enrich.parsing.shapes import in_title_case
from enrich.parsing.venues import VENUE_LOOSE, is_bracket_venue
from enrich.records import Identifiers, Kind, Link, Role

_TUTORIAL = re.compile(
    r"\b(?:tutorials?|courses?|lectures?|workshops?|seminars?)\b|教程|课程", re.IGNORECASE
)
_LIST = re.compile(
    r"\b(?:awe?some|reading[ -]list|paper[ -]?list|curated|must[- ]read|papers with code)\b|"
    r"\bawesome-|合集|汇总",
    re.IGNORECASE,
)
_DATASET = re.compile(
    r"\b(?:datasets?|data ?sets?|benchmarks?|corpus|corpora)\b|数据集", re.IGNORECASE
)
_CODE = re.compile(
    r"\b(?:tools?|code ?bases?|tool ?box(?:es)?|software|librar(?:y|ies)|frameworks?|pytorch|"
    r"implementations?|codes?|tensorflow|keras|toolkits?|packages?|platforms?|pretrained|extractor|"
    r"utilities|repositor?y|open[- ]source)\b|工具|代码",
    re.IGNORECASE,
)
_POST = re.compile(r"\b(?:blogs?|posts?|articles?|news)\b|博客", re.IGNORECASE)
_VIDEO = re.compile(r"\b(?:videos?|talks?)\b(?! \w+ing)", re.IGNORECASE)
_TITLE_GLUE = re.compile(r"\b(?:for|with|in|via|of|from|using|by|through|towards?)\b")
_BOOK = re.compile(r"\b(?:books?|textbooks?)\b|书籍", re.IGNORECASE)
_SITE = re.compile(
    r"\b(?:websites?|leaderboards?|communit(?:y|ies)|conferences?|journals?)\b", re.IGNORECASE
)

_SECTIONS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_DATASET, "dataset"),
    (_CODE, "code"),
    (_SITE, "website"),
    (_TUTORIAL, "tutorial"),
    (_POST, "post"),
    (_BOOK, "other"),
)
# Labels of paper links that lead to any kind of page as well.
_WEAK_LABELS = frozenset({"html", "ps", "article", "publication"})


def decide_kind(
    fields: Fields, ids: Identifiers, section: Sequence[str], stated: Kind | None = None
) -> tuple[Kind, str]:
    """What kind of thing an entry is: a paper link makes a paper, else wording and section decide.

    Args:
        fields: What the entry says.
        ids: Its identifiers.
        section: The headings above it, outermost first.
        stated: The kind that the list's format states (`@software`), if it does.

    Returns:
        The kind and the reason, a clause.
    """
    if stated is not None:
        return stated, "the entry's type says so"
    title = fields.title
    links = fields.links
    if _LIST.search(title) and not _has_paper_id(ids):
        return "list", "the wording names a list"
    paper_links = [link for link in links if link.role == "paper"]
    if any(names_paper(link.url) for link in links) or _has_paper_id(ids, links):
        return "paper", "it links or names a paper"
    if any(link.label.lower() not in _WEAK_LABELS for link in paper_links):
        return "paper", f"a link is labelled {paper_links[0].label!r}"
    whole = " / ".join(section)
    roles = {link.role for link in links}
    if links and roles <= {"post"}:
        return "post", "its only link is a post"
    if fields.paper_label:
        return "paper", "a line is labelled as the paper"
    for heading in reversed(section):
        if names_papers(heading):
            break
        kinds = [kind for pattern, kind in _SECTIONS if pattern.search(heading)]
        if kinds and "dataset" not in kinds and _was_published(fields, heading, roles):
            return "paper", "it names a venue and links no page of its own"
        if kinds:
            return _refine(kinds, fields), f"the section is {heading!r}"
    if _reads_like_paper(fields, section):
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
        return (
            ("paper", "the wording is a title and nothing contradicts it")
            if whole
            else ("other", "no link")
        )
    return "website", "it links a page and no paper"


def _was_published(fields: Fields, heading: str, roles: set[Role]) -> bool:
    # `Tutorials` holds for all below it; `Systems and Tutorials` does not.
    return bool(
        len(words(heading)) >= 2
        and roles <= {"code"}
        and fields.venue
        and is_bracket_venue(fields.venue)
        and len(words(fields.title)) >= 3
        and not _TUTORIAL.search(fields.title)
    )


def _has_paper_id(ids: Identifiers, links: Sequence[Link] = ()) -> bool:
    linked = {key for link in links if (key := link_key(link.url)) and not names_paper(link.url)}
    return ids != Identifiers() and f"doi:{ids.doi}" not in linked


def _refine(kinds: Sequence[Kind], fields: Fields) -> Kind:
    """The kind among those a heading allows, by the entry's own wording and links."""
    roles = {link.role for link in fields.links}
    if roles and roles <= {"post"}:
        return "post"
    head = fields.title.split(":")[0]
    hosted = any("github.com" in link.url for link in fields.links)
    if "dataset" in kinds and hosted and _CODE.search(fields.title) and not _DATASET.search(head):
        return "code"
    if "code" in kinds and "dataset" in kinds:
        return "dataset" if _DATASET.search(fields.title) or not hosted else "code"
    return kinds[0]


def _reads_like_paper(fields: Fields, section: Sequence[str]) -> bool:
    title = fields.title
    if fields.authors or (
        fields.venue
        and (
            len(words(title)) >= 3
            or VENUE_LOOSE.search(fields.venue)
            or any(map(names_papers, section))
        )
    ):
        return True
    if _CODE.search(title) or title.endswith("."):
        return False
    if not fields.links:
        return len(title.split()) >= 3
    if _TITLE_GLUE.search(title) and in_title_case(title) and len(title.split()) >= 6:
        return True
    return ":" in title and len(title.split()) >= 5 and title.count(",") < 3
