"""An arXiv feed -> `Page` of records, checked before it is believed and parsed once.

Pure: bytes in, a page or an error out. Both dialects of the feed are read: the one of before
2025-11 and the present one. https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from enrich.errors import BadAnswer, Rejected, ServerError
from enrich.papers.identifiers import normalise_arxiv_id, normalise_doi
from enrich.records import Author, Identifiers, Record
from enrich.services.fields import LONG_TEXT, Faults, FieldReader
from enrich.services.response_errors import refusal_of

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
# Elements that the parser reads, or leaves out on purpose.
_KNOWN = frozenset(
    [
        _ATOM + n
        for n in ["id", "title", "updated", "published", "summary", "link", "category", "author"]
    ]
    + [_ARXIV + n for n in ["comment", "primary_category", "journal_ref", "doi", "affiliation"]]
)
# arXiv began in 1991; some papers carry the date of their first circulation, 1986 at the earliest
# (bulk metadata of arXiv).
_FIRST_MOMENT = datetime(1986, 1, 1, tzinfo=UTC)
# Characters of a refusal that a message repeats.
_MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed.

    Attributes:
        total: How many results there are in all.
        ids: The id of each entry, as in the feed: bare, with its version.
        records: The record of each entry that can be used.
        unknown_elements: Names of elements that are not known here.
    """

    total: int
    ids: tuple[str, ...]
    records: tuple[Record, ...]
    unknown_elements: frozenset[str]


def read_page(data: bytes, now: datetime, faults: Faults, url: str = "") -> Page:
    """Read a feed.

    Args:
        data: The body of an answer.
        now: When it was received.
        faults: Counts the fields that cannot be used.
        url: The address, for messages.

    Returns:
        The page.

    Raises:
        BadAnswer: It is not a whole feed or lacks entries that it announces.
        Rejected: It is an error entry.
    """
    root = _root(data, url)
    entries = root.findall(_ATOM + "entry")
    for entry in entries:
        _refuse_error(entry, url)
        if entry.find(_ATOM + "published") is None or entry.find(_ATOM + "updated") is None:
            raise _bad("holds an entry without dates", url)
    total = (root.findtext(_OPENSEARCH + "totalResults") or "").strip()
    if not (total.isascii() and total.isdigit() and len(total) < 10):
        raise _bad("does not say how many results there are", url)
    children = {child.tag for entry in entries for child in entry if isinstance(child.tag, str)}
    ids = tuple((e.findtext(_ATOM + "id") or "").rpartition("/abs/")[2].strip() for e in entries)
    records = [_record(entry, now, faults) for entry in entries]
    return Page(int(total), ids, tuple(r for r in records if r), frozenset(children - _KNOWN))


def _root(data: bytes, url: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=False, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _bad(f"is not whole XML ({error.msg})", url) from None
    info: Any = root.getroottree().docinfo  # the stubs lack its doctype
    if info.doctype:
        raise _bad("declares a document type, which no feed does", url)
    if root.tag != _ATOM + "feed":
        raise _bad(f"is not an Atom feed but <{etree.QName(root).localname}>", url)
    return root


def _refuse_error(entry: etree._Element, url: str) -> None:
    if "/api/errors" not in (entry.findtext(_ATOM + "id") or ""):
        return
    words = " ".join((entry.findtext(_ATOM + "summary") or "no reason given").split())
    words = words[:_MAX_REASON]
    if "internal error" in words:
        raise ServerError(f"arXiv failed on the request: {words}", "arxiv", url, 200)
    error = Rejected(f"arXiv refused the request: {words}.", "arxiv", url, 400)
    error.refusal = refusal_of(400, words)
    raise error


def _record(entry: etree._Element, now: datetime, faults: Faults) -> Record | None:
    """The record of an entry; None when it has no arXiv id or no title."""
    reader = FieldReader(_fields(entry), faults)
    found = reader.identifier("id", normalise_arxiv_id)
    title = reader.text("title")
    if found is None or title is None:
        if title is None:
            reader.fault("title", "needed for a record")
        return None
    arxiv_id, version = found
    published = reader.moment("published", _FIRST_MOMENT, now)
    # Some authors give arXiv's own DOI for the publisher's.
    doi = reader.identifier("doi", normalise_doi)
    authors = tuple(
        Author(name, None, author.texts("affiliation"))
        for author in reader.rows("author")
        if (name := author.text("name"))
    )
    return Record(
        source="arxiv",
        source_id=arxiv_id,
        title=title,
        ids=Identifiers(
            arxiv_id=arxiv_id,
            arxiv_version=version,
            doi=None if doi and doi.startswith("10.48550/arxiv.") else doi,
        ),
        fetched_at=now,
        abstract=reader.text("summary", LONG_TEXT),
        authors=authors,
        year=published.year if published else None,
        arxiv_primary_category=reader.text("primary_category"),
        arxiv_categories=reader.texts("category"),
        arxiv_comment=reader.text("comment", LONG_TEXT),
        journal_ref=reader.text("journal_ref"),
        arxiv_published_at=published,
        arxiv_updated_at=reader.moment("updated", _FIRST_MOMENT, now),
    )


def _fields(entry: etree._Element) -> dict[str, Any]:
    """The elements of an entry as the fields of a row."""
    row: dict[str, Any] = {
        name: entry.findtext(space + name)
        for space, names in (
            (_ATOM, ("title", "summary", "published", "updated")),
            (_ARXIV, ("comment", "journal_ref", "doi")),
        )
        for name in names
    }
    row["id"] = (entry.findtext(_ATOM + "id") or "").rpartition("/abs/")[2]
    primary = entry.find(_ARXIV + "primary_category")
    row["primary_category"] = primary.get("term") if primary is not None else None
    row["category"] = [term for c in entry.iterfind(_ATOM + "category") if (term := c.get("term"))]
    row["author"] = list(_authors(entry))
    return row


def _authors(entry: etree._Element) -> Iterator[dict[str, Any]]:
    for author in entry.iterfind(_ATOM + "author"):
        affiliations = [a.text for a in author.iterfind(_ARXIV + "affiliation") if a.text]
        yield {"name": author.findtext(_ATOM + "name"), "affiliation": affiliations}


def _bad(what: str, url: str) -> BadAnswer:
    return BadAnswer(f"arXiv's answer {what}.", "arxiv", url, 200)
