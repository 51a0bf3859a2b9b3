"""arXiv's Atom feeds, in today's dialect and in the one used before 2025-11."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from enrich.sandbox.catalogue import Paper

# As the service writes it since 2025-11.
_OPEN = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
    ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
)
# Characters that XML 1.0 cannot hold, not even as references.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The older dialect declares namespaces where they are used.
_XMLNS = ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
_OPENSEARCH = ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'


@dataclass(frozen=True)
class Page:
    """The head of a feed: the query, and which window of the results this is."""

    search_query: str
    id_list: str
    start: int
    max_results: int
    total: int


@dataclass(frozen=True)
class Version:
    """A paper in one of its versions, numbered from 1."""

    paper: Paper
    number: int

    @property
    def id(self) -> str:
        """The id with its version."""
        return f"{self.paper.arxiv}v{self.number}"

    @property
    def updated(self) -> str:
        """The time of this version."""
        return self.paper.versions[self.number - 1] if self.paper.versions else self.paper.published


def now() -> str:
    """The time as feeds write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def error(summary: str, anchor: str = "") -> bytes:
    """The feed for an error: one entry with the message and without `published`."""
    link = anchor if anchor.startswith("https:") else f"https://arxiv.org/api/errors{anchor}"
    time = now()
    return (
        f"{_OPEN}  <id>https://arxiv.org/</id>\n"
        "  <title>arXiv Search Results</title>\n"
        f"  <updated>{time}</updated>\n"
        "  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>\n"
        "  <opensearch:totalResults>1</opensearch:totalResults>\n"
        "  <opensearch:startIndex>0</opensearch:startIndex>\n"
        "  <entry>\n"
        f"    <id>{escape(link)}</id>\n"
        "    <title>Error</title>\n"
        f"    <updated>{time}</updated>\n"
        f'    <link href={_attribute(link)} rel="alternate" type="text/html"/>\n'
        f"    <summary>{escape(summary)}</summary>\n"
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n"
        "  </entry>\n</feed>\n"
    ).encode()


def feed(page: Page, versions: Sequence[Version]) -> bytes:
    """A page of results as the service writes it today."""
    asked = f"search_query={page.search_query}&id_list={page.id_list}"
    window = f"start={page.start}&max_results={page.max_results}"
    link = f"search_query={page.search_query}&{window}&id_list={page.id_list}"
    return (
        f"{_OPEN}  <id>https://arxiv.org/api/{_feed_id(asked + window)}</id>\n"
        f"  <title>{escape(f'arXiv Query: {asked}&{window}')}</title>\n"
        f"  <updated>{now()}</updated>\n"
        f"  <link href={_attribute(f'https://arxiv.org/api/query?{link}')}"
        ' type="application/atom+xml"/>\n'
        f"  <opensearch:itemsPerPage>{page.max_results}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{page.total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{page.start}</opensearch:startIndex>\n"
        f"{''.join(map(_entry, versions))}</feed>\n"
    ).encode()


def _entry(version: Version) -> str:
    paper = version.paper
    lines = [
        f"<id>http://arxiv.org/abs/{version.id}</id>",
        f"<title>{escape(paper.title)}</title>",
        f"<updated>{version.updated}</updated>",
        f'<link href="https://arxiv.org/abs/{version.id}" rel="alternate" type="text/html"/>',
        f'<link href="https://arxiv.org/pdf/{version.id}" rel="related" type="application/pdf"'
        ' title="pdf"/>',
        f"<summary>{escape(paper.text)}</summary>",
        *_categories(paper),
        f"<published>{paper.published}</published>",
        *_optional("arxiv:comment", paper.comment),
        *(f'<arxiv:primary_category term="{c}"/>' for c in paper.categories[:1]),
        *_optional("arxiv:journal_ref", paper.journal_ref),
        *_authors(paper, ""),
    ]
    if paper.doi and paper.arxiv_doi:
        lines.append(f"<arxiv:doi>{escape(paper.doi)}</arxiv:doi>")
        href = _attribute(f"https://doi.org/{paper.doi}")
        lines.append(f'<link rel="related" href={href} title="doi"/>')
    return _element(lines)


def classic_feed(page: Page, versions: Sequence[Version]) -> bytes:
    """A page of results as the service wrote it until the rewrite of 2025-11."""
    asked = f"search_query={page.search_query}&id_list={page.id_list}"
    window = f"start={page.start}&max_results={page.max_results}"
    link = f"{asked}&{window}".replace("=", "%3D").replace("&", "%26").replace(" ", "%20")
    midnight = f"{now()[:10]}T00:00:00-04:00"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <link href={_attribute(f'http://arxiv.org/api/query?{link}')}"
        ' rel="self" type="application/atom+xml"/>\n'
        f'  <title type="html">{escape(f"ArXiv Query: {asked}&{window}")}</title>\n'
        f"  <id>http://arxiv.org/api/{_feed_id(asked + window)}</id>\n"
        f"  <updated>{midnight}</updated>\n"
        f"  <opensearch:totalResults{_OPENSEARCH}>{page.total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex{_OPENSEARCH}>{page.start}</opensearch:startIndex>\n"
        f"  <opensearch:itemsPerPage{_OPENSEARCH}>{page.max_results}</opensearch:itemsPerPage>\n"
        f"{''.join(map(_classic_entry, versions))}</feed>\n"
    ).encode()


def _classic_entry(version: Version) -> str:
    paper = version.paper
    lines = [
        f"<id>http://arxiv.org/abs/{version.id}</id>",
        f"<updated>{version.updated}</updated>",
        f"<published>{paper.published}</published>",
        f"<title>{escape(_wrapped(paper.title, 'Title: '))}</title>",
        f"<summary>  {escape(paper.text)}\n</summary>",
        *_authors(paper, _XMLNS),
    ]
    if paper.doi and paper.arxiv_doi:
        lines.append(f"<arxiv:doi{_XMLNS}>{escape(paper.doi)}</arxiv:doi>")
        href = _attribute(f"http://dx.doi.org/{paper.doi}")
        lines.append(f'<link title="doi" href={href} rel="related"/>')
    lines += [
        *_optional("arxiv:comment", _wrapped(paper.comment or "", "Comments: "), _XMLNS),
        *_optional("arxiv:journal_ref", _wrapped(paper.journal_ref or "", "Journal-ref: "), _XMLNS),
        f'<link href="http://arxiv.org/abs/{version.id}" rel="alternate" type="text/html"/>',
        f'<link title="pdf" href="http://arxiv.org/pdf/{version.id}" rel="related"'
        ' type="application/pdf"/>',
        *(
            f'<arxiv:primary_category{_XMLNS} term="{c}" scheme="http://arxiv.org/schemas/atom"/>'
            for c in paper.categories[:1]
        ),
        *_categories(paper),
    ]
    return _element(lines)


def _element(lines: list[str]) -> str:
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _categories(paper: Paper) -> list[str]:
    scheme = "http://arxiv.org/schemas/atom"
    return [f'<category term="{c}" scheme="{scheme}"/>' for c in paper.categories]


def _authors(paper: Paper, xmlns: str) -> list[str]:
    lines: list[str] = []
    for i, name in enumerate(paper.authors):
        lines += ["<author>", f"  <name>{escape(name)}</name>"]
        if affiliation := paper.affiliations[i : i + 1]:
            text = escape(affiliation[0])
            lines.append(f"  <arxiv:affiliation{xmlns}>{text}</arxiv:affiliation>")
        lines.append("</author>")
    return lines


def _optional(name: str, text: str | None, xmlns: str = "") -> list[str]:
    return [f"<{name}{xmlns}>{escape(text)}</{name}>"] if text else []


def _attribute(text: str) -> str:
    """Always in double quotes, as the service writes them."""
    return '"' + escape(text).replace('"', "&quot;") + '"'


def escape(text: str) -> str:
    """Text for an element's content, without the control characters that XML cannot hold."""
    return html.escape(_NOT_XML.sub("", text), quote=False)


def _wrapped(text: str, label: str) -> str:
    """Broken as on arXiv's abstract pages, at 79 characters with their label, then indented."""
    lines, line = [], ""
    for word in text.split():
        if line and len(label) + len(line) + 1 + len(word) > 79:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n  ".join([*lines, line])


def _feed_id(text: str) -> str:
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode().rstrip("=")
