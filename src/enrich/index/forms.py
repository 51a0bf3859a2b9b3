"""The published form of each kind of dump line, and the SQL that makes a row of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from enrich.papers.identifiers.grammar import ARCHIVES

TEXT: Final = ("VARCHAR", "NULL")
_INT: Final = ("UBIGINT", "BIGINT", "NULL")


@dataclass(frozen=True, slots=True)
class Form:
    """How lines of one kind are published, and what SQL makes of them.

    `fields` gives each key its type for DuckDB's json_transform and the JSON types that are usual;
    `texts` are the fields whose white space is normalised, to `<text>_text`; `lists`, then `steps`
    are SQL for intermediate values, `columns` for those of the index; `usual` are
    conditions on all of these. `strings` are JSON paths that hold a string or null.
    """

    fields: Mapping[str, tuple[Any, tuple[str, ...]]]
    texts: tuple[str, ...]
    lists: Mapping[str, str]
    steps: Mapping[str, str]
    columns: Mapping[str, str]
    usual: tuple[str, ...]
    strings: tuple[str, ...] = ()


_ARXIV_ID: Final = rf"""(
    regexp_full_match({{0}}, '\d\d(0[1-9]|1[0-2])\.\d{{{{4,5}}}}')
        and length({{0}}) = case when {{0}} < '1501' then 9 else 10 end
        and {{0}} >= '0704' and {{0}}[6:] not in ('0000', '00000')
    or regexp_full_match({{0}}, '({ARCHIVES})/\d\d(0[1-9]|1[0-2])\d{{{{3}}}}'))"""
_STAMP: Final = "'%a, %d %b %Y %H:%M:%S GMT'"
_STAMP_FORM: Final = (
    r"'[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} [1-9]\d{3} [0-2]\d:[0-5]\d:[0-5]\d GMT'"
)
_DAY_FORM: Final = r"'[1-9]\d{3}-\d\d-\d\d'"
# How json_transform renders a number, a boolean, a list or an object in place of a string.
_NOT_STRING: Final = r"(^|\x01)(-?[0-9]|true($|\x01)|false($|\x01)|-?[NnIi][aAnN][NnFf]|[\[{])"


def _stamp(text: str) -> str:
    form = f"regexp_full_match({text}, {_STAMP_FORM})"
    return f"case when {form} then try_strptime({text}, {_STAMP}) end"


def _day(text: str) -> str:
    return f"case when regexp_full_match({text}, {_DAY_FORM}) then try_cast({text} as date) end"


def _is_day(column: str, text: str) -> str:
    return f"({text} is null or {column} is not null)"


def _strings(values: str) -> str:
    """SQL: no element of a list of strings was anything else in JSON."""
    return (
        f"not coalesce(regexp_matches(array_to_string({values}, chr(1)), '{_NOT_STRING}'), false)"
    )


_NAMES_OF_PARTS: Final = """list_transform(authors_parsed, lambda n:
    concat_ws(' ', nullif(n[2], ''), nullif(n[1], ''), nullif(n[3], '')))"""

FORMS: Final = {
    "arxiv": Form(
        fields={
            "id": ("VARCHAR", ("VARCHAR",)),
            "title": ("VARCHAR", ("VARCHAR",)),
            "abstract": ("VARCHAR", TEXT),
            "comments": ("VARCHAR", TEXT),
            "journal-ref": ("VARCHAR", TEXT),
            "doi": ("VARCHAR", TEXT),
            "categories": ("VARCHAR", TEXT),
            "update_date": ("VARCHAR", TEXT),
            "versions": ([{"created": "VARCHAR"}], ("ARRAY",)),
            "authors_parsed": ([["VARCHAR"]], ("ARRAY",)),
            # Of other dumps: a line that has one of them is parsed in Python.
            "primary_category": ("VARCHAR", ("NULL",)),
            "updated": ("VARCHAR", ("NULL",)),
            "journal_ref": ("VARCHAR", ("NULL",)),
        },
        texts=("title", "abstract", "comments", "journal-ref"),
        lists={"parts": _NAMES_OF_PARTS},
        steps={
            "first": _stamp("versions[1].created"),
            "last": _stamp("versions[-1].created"),
            "day": _day("update_date"),
            "names": "clean_all(parts)",
            "labels": "string_split(categories, ' ')",
            "bare": "bare_doi(doi)",
        },
        columns={
            "arxiv_id": "id",
            "paper": "'arxiv:' || id",
            "title": "title_text",
            "abstract": "abstract_text",
            "authors": "names",
            "year": "year(first)",
            "doi": "bare",
            "arxiv_version": "len(versions)",
            "arxiv_primary_category": "labels[1]",
            "arxiv_categories": "coalesce(labels, [])",
            "arxiv_comment": "comments_text",
            "journal_ref": '"journal-ref_text"',
            "arxiv_published_at": "timezone('UTC', first)",
            "arxiv_updated_at": "timezone('UTC', last)",
            "touched": "day",
        },
        usual=(
            _ARXIV_ID.format("id"),
            "(bare is null or not starts_with(bare, '10.48550/'))",
            _strings("flatten(authors_parsed)"),
            "len(versions) between 1 and 30000",
            "first is not null and last is not null",
            "len(authors_parsed) > 0",
            _is_day("day", "update_date"),
            r"(categories is null or regexp_full_match(categories, '[!-+\--~]+( [!-+\--~]+)*'))",
        ),
    ),
    "s2_papers": Form(
        fields={
            "corpusid": ("BIGINT", ("UBIGINT",)),
            "title": ("VARCHAR", ("VARCHAR",)),
            "externalids": (
                dict.fromkeys(("ACL", "DBLP", "ArXiv", "MAG", "PubMed", "DOI"), "VARCHAR"),
                ("OBJECT", "NULL"),
            ),
            "url": ("VARCHAR", TEXT),
            "authors": ([{"authorId": "VARCHAR", "name": "VARCHAR"}], ("ARRAY", "NULL")),
            "venue": ("VARCHAR", TEXT),
            "year": ("BIGINT", _INT),
            "referencecount": ("BIGINT", _INT),
            "citationcount": ("BIGINT", _INT),
            "influentialcitationcount": ("BIGINT", _INT),
            "isopenaccess": ("BOOLEAN", ("BOOLEAN", "NULL")),
            "s2fieldsofstudy": ([{"category": "VARCHAR"}], ("ARRAY", "NULL")),
            "publicationtypes": (["VARCHAR"], ("ARRAY", "NULL")),
            "publicationdate": ("VARCHAR", TEXT),
        },
        texts=("title", "venue"),
        lists={},
        steps={
            "x": "externalids",
            "bare": "bare_doi(externalids.DOI)",
            "day": _day("publicationdate"),
            "people": "list_filter(list_transform(authors, lambda a: "
            "{'name': clean(a.name), 'id': a.authorId}), lambda a: a.name is not null)",
            "topics": "list_filter(list_transform(s2fieldsofstudy, lambda f: clean(f.category)),"
            " lambda t: t is not null)",
        },
        columns={
            "s2_corpus_id": "corpusid",
            "paper": "case when x.ArXiv is null then 'corpus:' || corpusid"
            " else 'arxiv:' || x.ArXiv end",
            "title": "title_text",
            "arxiv_id": "x.ArXiv",
            "doi": "bare",
            "s2_paper_id": "nullif(regexp_extract(url, "
            r"'^https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/]*/)?([0-9a-f]{40})', 1), '')",
            "acl_id": "x.ACL",
            "dblp_id": "x.DBLP",
            "pmid": "x.PubMed",
            "mag_id": "x.MAG",
            "authors": "coalesce(list_transform(people, lambda a: a.name), [])",
            "s2_author_ids": "coalesce(list_transform(people, lambda a: a.id), [])",
            "year": "case when year between 1500 and 2199 then year end",
            "venue": "venue_text",
            "publication_types": "coalesce(publicationtypes, [])",
            "published_on": "day",
            "citation_count": "small(citationcount)",
            "influential_citation_count": "small(influentialcitationcount)",
            "reference_count": "small(referencecount)",
            "is_open_access": "isopenaccess",
            "fields_of_study": "coalesce(list_filter(topics,"
            " lambda t, i: list_position(topics, t) = i), [])",
        },
        usual=(
            "corpusid > 0",
            f"(x.ArXiv is null or {_ARXIV_ID.format('x.ArXiv')})",
            "(bare is null or not starts_with(bare, '10.48550/'))",
            _strings("list_transform(authors, lambda a: a.name)"),
            _strings("list_transform(s2fieldsofstudy, lambda f: f.category)"),
            _strings("publicationtypes"),
            r"(x.ACL is null or regexp_full_match(x.ACL, '[!-~]+'))",
            r"(x.DBLP is null or regexp_full_match(x.DBLP, '[!-~]+'))",
            r"(x.PubMed is null or regexp_full_match(x.PubMed, '[0-9]{1,19}'))",
            r"(x.MAG is null or regexp_full_match(x.MAG, '[0-9]{1,19}'))",
            _is_day("day", "publicationdate"),
            "coalesce(len(list_filter(authors,"
            " lambda a: not regexp_full_match(a.authorId, '[0-9]{1,19}'))), 0) = 0",
            "coalesce(len(list_filter(publicationtypes, lambda p: p is null or p = '')), 0) = 0",
        ),
        strings=tuple(f"externalids.{name}" for name in ("ArXiv", "DOI", "ACL", "DBLP")),
    ),
    "s2_abstracts": Form(
        fields={
            "corpusid": ("BIGINT", ("UBIGINT",)),
            "arxiv_id": ("VARCHAR", ("NULL",)),
            "abstract": ("VARCHAR", ("VARCHAR",)),
            "openaccessinfo": ({"url": "VARCHAR"}, ("OBJECT", "NULL")),
        },
        texts=("abstract",),
        lists={},
        steps={"address": "clean(openaccessinfo.url)"},
        columns={
            "s2_corpus_id": "corpusid",
            "abstract": "abstract_text",
            "open_access_pdf": r"case when regexp_matches(address, '^https?://') then address end",
        },
        usual=("corpusid > 0", "abstract_text is not null"),
    ),
    "s2_ids": Form(
        fields={
            "corpusid": ("BIGINT", ("UBIGINT",)),
            "sha": ("VARCHAR", ("VARCHAR",)),
            "primary": ("BOOLEAN", ("BOOLEAN", "NULL")),
        },
        texts=(),
        lists={},
        steps={},
        columns={
            "s2_paper_id": "sha",
            "s2_corpus_id": "corpusid",
            "is_primary": '"primary" is true',
        },
        usual=("corpusid > 0", "regexp_full_match(sha, '[0-9a-f]{40}')"),
    ),
    "s2_citations": Form(
        fields={
            "citingcorpusid": ("BIGINT", ("UBIGINT",)),
            "citedcorpusid": ("BIGINT", ("UBIGINT", "NULL")),
            "citationid": ("BIGINT", ("UBIGINT", "NULL")),
        },
        texts=(),
        lists={},
        steps={},
        columns={
            "s2_corpus_id": "citingcorpusid",
            "cited_corpus_id": "citedcorpusid",
            "citation_id": "citationid",
        },
        usual=(
            "citingcorpusid > 0",
            "coalesce(citedcorpusid, 1) > 0",
            "coalesce(citationid, 1) > 0",
        ),
    ),
}  # fmt: skip
