"""An arXiv feed, checked before it is believed. Pure: bytes in, a `Page` or an error out.

Both dialects of the feed are read: the one of before 2025-11 and the present one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from enrich.errors import BadAnswer, Rejected, Unavailable

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_KNOWN = frozenset(
    [
        _ATOM + n
        for n in ["id", "title", "updated", "published", "summary", "link", "category", "author"]
    ]
    + [_ARXIV + n for n in ["comment", "primary_category", "journal_ref", "doi", "affiliation"]]
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a feed says of itself: `total` results, ids on this page, elements not known.

    `ids` are as in the feed: bare, with their version.
    """

    total: int
    ids: tuple[str, ...]
    leftovers: frozenset[str]


def read_page(data: bytes, url: str = "") -> Page:
    """Check a feed.

    Raises BadAnswer for what is not a whole feed or lacks entries that it announces, Rejected for
    an error entry.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=False, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _bad(f"is not whole XML ({error.msg})", url) from None
    info: Any = root.getroottree().docinfo  # the stubs leave its doctype out
    if info.doctype:
        raise _bad("declares a document type, which no feed does", url)
    if root.tag != _ATOM + "feed":
        raise _bad(f"is not an Atom feed but <{etree.QName(root).localname}>", url)
    entries = root.findall(_ATOM + "entry")
    for entry in entries:
        name = entry.findtext(_ATOM + "id", "")
        if "/api/errors" in name:
            said = " ".join(entry.findtext(_ATOM + "summary", "no reason given").split())[:300]
            if "internal error" in said:
                raise Unavailable(f"arXiv is in trouble: {said}", "arxiv", url, 200)
            raise Rejected(f"arXiv refused the question: {said}.", "arxiv", url, 400)
        if not entry.findtext(_ATOM + "published") or not entry.findtext(_ATOM + "updated"):
            raise _bad(f"holds an entry without dates ({name})", url)
    total = root.findtext(_OPENSEARCH + "totalResults", "").strip()
    if not total.isdigit():
        raise _bad("does not say how many results there are", url)
    leftovers = {child.tag for entry in entries for child in entry if isinstance(child.tag, str)}
    ids = tuple(e.findtext(_ATOM + "id", "").rpartition("/abs/")[2] for e in entries)
    return Page(int(total), ids, frozenset(leftovers - _KNOWN))


def _bad(what: str, url: str) -> BadAnswer:
    return BadAnswer(f"arXiv's answer {what}.", "arxiv", url, 200)
