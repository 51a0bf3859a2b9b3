"""The published form of each kind of dump line, and the SQL that makes a row of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from enrich.papers.identifiers.grammar import ARCHIVES


@dataclass(frozen=True, slots=True)
class Form:
    """How lines of one kind are published, and what SQL makes of them.

    `fields` gives each key its type for DuckDB's json_transform. As `JSON` a value keeps its
    quotes, which tell `"1"` from `1`; as `VARCHAR` both are one text. `strings` are texts that
    must have been strings in JSON, or null, and `absent` fields of other dumps that must be null.
    `texts` are the fields whose white space is normalised, to `<text>_text`; `lists`, then `steps`
    are SQL for intermediate values, `columns` for those of the index; `usual` are
    conditions on all of these.
    """

    fields: Mapping[str, Any]
    strings: tuple[str, ...]
    texts: tuple[str, ...]
    lists: Mapping[str, str]
    steps: Mapping[str, str]
    columns: Mapping[str, str]
    usual: tuple[str, ...]
    absent: tuple[str, ...] = ()


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


def _string(value: str) -> str:
    """SQL: the string that a JSON value is, null for any other; it has no escape."""
    return f"case when starts_with({value}, '\"') then ({value}::varchar)[2:-2] end"


def _number(value: str) -> str:
    """SQL: the whole number that a JSON value is, null for any other."""
    return f"case when regexp_full_match({value}, '[0-9]{{1,18}}') then {value}::bigint end"


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
            "id": "JSON",
            "title": "VARCHAR",
            "abstract": "VARCHAR",
            "comments": "VARCHAR",
            "journal-ref": "VARCHAR",
            "doi": "VARCHAR",
            "categories": "VARCHAR",
            "update_date": "VARCHAR",
            "versions": [{"created": "VARCHAR"}],
            "authors_parsed": [["VARCHAR"]],
            "primary_category": "VARCHAR",
            "updated": "VARCHAR",
            "journal_ref": "VARCHAR",
        },
        strings=(
            "title", "abstract", "comments", '"journal-ref"', "doi", "categories", "update_date",
        ),
        absent=("primary_category", "updated", "journal_ref"),
        texts=("title", "abstract", "comments", "journal-ref"),
        lists={"parts": _NAMES_OF_PARTS, "own_id": _string("id")},
        steps={
            "first": _stamp("versions[1].created"),
            "last": _stamp("versions[-1].created"),
            "day": _day("update_date"),
            "names": "clean_all(parts)",
            "labels": "string_split(categories, ' ')",
            "bare": "bare_doi(doi)",
        },
        columns={
            "arxiv_id": "own_id",
            "paper": "'arxiv:' || own_id",
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
            _ARXIV_ID.format("own_id"),
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
            "corpusid": "JSON",
            "title": "VARCHAR",
            "externalids": {
                "ACL": "VARCHAR", "DBLP": "VARCHAR", "ArXiv": "JSON", "MAG": "VARCHAR",
                "PubMed": "VARCHAR", "DOI": "VARCHAR",
            },
            "url": "VARCHAR",
            "authors": [{"authorId": "VARCHAR", "name": "VARCHAR"}],
            "venue": "VARCHAR",
            "year": "JSON",
            "referencecount": "JSON",
            "citationcount": "JSON",
            "influentialcitationcount": "JSON",
            "isopenaccess": "JSON",
            "s2fieldsofstudy": [{"category": "VARCHAR"}],
            "publicationtypes": "JSON",
            "publicationdate": "VARCHAR",
        },
        strings=(
            "title", "url", "venue", "publicationdate", "externalids.DOI", "externalids.ACL",
            "externalids.DBLP",
        ),
        texts=("title", "venue"),
        lists={
            "corpus": _number("corpusid"), "of_year": _number("year"),
            "referenced": _number("referencecount"), "cited": _number("citationcount"),
            "influential": _number("influentialcitationcount"),
            "open": "case isopenaccess when 'true' then true when 'false' then false end",
            "eprint": _string("externalids.ArXiv"),
            "names": "list_transform(authors, lambda a: a.name)",
            "categories": "list_transform(s2fieldsofstudy, lambda f: f.category)",
            "labels": """case when starts_with(publicationtypes, '[')
                then json_transform(publicationtypes, '["VARCHAR"]') end""",
        },
        steps={
            "x": "externalids",
            "bare": "bare_doi(externalids.DOI)",
            "day": _day("publicationdate"),
            # Most lists of names need no change.
            "people": "case when untidy(names) then list_filter(list_transform(authors, lambda a: "
            "{'name': clean(a.name), 'authorId': a.authorId}), lambda a: a.name is not null)"
            " else authors end",
            "topics": "clean_all(categories)",
        },
        columns={
            "s2_corpus_id": "corpus",
            "paper": "coalesce('arxiv:' || eprint, 'corpus:' || corpus)",
            "title": "title_text",
            "arxiv_id": "eprint",
            "doi": "bare",
            "s2_paper_id": "nullif(regexp_extract(url, "
            r"'^https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/]*/)?([0-9a-f]{40})', 1), '')",
            "acl_id": "x.ACL",
            "dblp_id": "x.DBLP",
            "pmid": "x.PubMed",
            "mag_id": "x.MAG",
            "authors": "coalesce(list_transform(people, lambda a: a.name), [])",
            "s2_author_ids": "coalesce(list_transform(people, lambda a: a.authorId), [])",
            "year": "case when of_year between 1500 and 2199 then of_year end",
            "venue": "venue_text",
            "publication_types": "coalesce(labels, [])",
            "published_on": "day",
            "citation_count": "small(cited)",
            "influential_citation_count": "small(influential)",
            "reference_count": "small(referenced)",
            "is_open_access": "open",
            "fields_of_study": "case when len(topics) > 1 then list_filter(topics,"
            " lambda t, i: list_position(topics, t) = i) else coalesce(topics, []) end",
        },
        usual=(
            "corpus > 0",
            *(
                f"({field} is null) = ({number} is null)"
                for field, number in (
                    ("year", "of_year"), ("referencecount", "referenced"),
                    ("citationcount", "cited"), ("influentialcitationcount", "influential"),
                    ("isopenaccess", "open"), ("x.ArXiv", "eprint"), ("publicationtypes", "labels"),
                )
            ),
            f"(eprint is null or {_ARXIV_ID.format('eprint')})",
            "(bare is null or not starts_with(bare, '10.48550/'))",
            _strings("names"),
            _strings("categories"),
            _strings("labels"),
            r"(x.ACL is null or regexp_full_match(x.ACL, '[!-~]+'))",
            r"(x.DBLP is null or regexp_full_match(x.DBLP, '[!-~]+'))",
            r"(x.PubMed is null or regexp_full_match(x.PubMed, '[0-9]{1,19}'))",
            r"(x.MAG is null or regexp_full_match(x.MAG, '[0-9]{1,19}'))",
            _is_day("day", "publicationdate"),
            "coalesce(len(list_filter(authors,"
            " lambda a: not regexp_full_match(a.authorId, '[0-9]{1,19}'))), 0) = 0",
            "coalesce(len(list_filter(labels, lambda p: p is null or p = '')), 0) = 0",
        ),
    ),
    "s2_abstracts": Form(
        fields={
            "corpusid": "JSON",
            "arxiv_id": "VARCHAR",
            "abstract": "VARCHAR",
            "openaccessinfo": {"url": "VARCHAR"},
        },
        strings=("abstract",),
        absent=("arxiv_id",),
        texts=("abstract",),
        lists={"corpus": _number("corpusid")},
        steps={"address": "clean(openaccessinfo.url)"},
        columns={
            "s2_corpus_id": "corpus",
            "abstract": "abstract_text",
            "open_access_pdf": r"case when regexp_matches(address, '^https?://') then address end",
        },
        usual=("corpus > 0", "abstract_text is not null", _strings("[openaccessinfo.url]")),
    ),
    "s2_ids": Form(
        fields={
            "corpusid": "JSON",
            "sha": "VARCHAR",
            "primary": "JSON",
        },
        strings=(),
        texts=(),
        lists={"corpus": _number("corpusid")},
        steps={},
        columns={
            "s2_paper_id": "sha",
            "s2_corpus_id": "corpus",
            "is_primary": "coalesce(\"primary\" = 'true', false)",
        },
        usual=("corpus > 0", "regexp_full_match(sha, '[0-9a-f]{40}')"),
    ),
    "s2_citations": Form(
        fields={
            "citingcorpusid": "JSON",
            "citedcorpusid": "JSON",
            "citationid": "JSON",
        },
        strings=(),
        texts=(),
        lists={
            "citing": _number("citingcorpusid"), "cited": _number("citedcorpusid"),
            "number": _number("citationid"),
        },
        steps={},
        columns={
            "s2_corpus_id": "citing",
            "cited_corpus_id": "cited",
            "citation_id": "number",
        },
        usual=(
            "citing > 0",
            "(citedcorpusid is null or cited > 0)",
            "(citationid is null or number > 0)",
        ),
    ),
}  # fmt: skip
