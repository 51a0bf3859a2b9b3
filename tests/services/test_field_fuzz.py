"""Whatever a service sends in a field, a record holds the right value or none."""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import pytest
import requests

from enrich.errors import BadAnswer
from enrich.records import Author, Identifiers, Record
from enrich.sandbox import Sandbox
from enrich.sandbox.mutate import MISSING, Mutation, entry_mutations, mutations
from enrich.services.arxiv_records import read_page
from enrich.services.fields import Faults
from enrich.services.s2_records import COUNTS, counts_of, record_of
from enrich.store.codec import decode, encode

NOW = datetime(2026, 11, 22, tzinfo=UTC)
# Invented, with every field that is asked for.
ROW: dict[str, Any] = {
    "paperId": "0123456789abcdef0123456789abcdef01234567",
    "corpusId": 987654,
    "externalIds": {
        "ArXiv": "1811.08383", "DOI": "10.1109/iccv.2019.00718", "CorpusId": 987654,
        "ACL": "P19-1001", "DBLP": "conf/iccv/LinGH19", "MAG": "2990503944",
        "PubMed": "31234567", "PubMedCentral": "6543210",
    },
    "title": "A Shift Module for Videos",
    "abstract": "An invented abstract of a few words.",
    "venue": "International Conference on Computer Vision",
    "publicationVenue": {"name": "ICCV", "type": "conference"},
    "journal": {"name": "ICCV Proceedings", "volume": "7", "pages": "7082-7092"},
    "year": 2019,
    "referenceCount": 61, "citationCount": 2510, "influentialCitationCount": 402,
    "isOpenAccess": True,
    "openAccessPdf": {
        "url": "https://example.org/a.pdf", "status": "GREEN", "license": "CCBY",
        "disclaimer": "Notice: The following paper fields have been elided by the publisher: "
        "{'abstract'}.",
    },
    "fieldsOfStudy": ["Computer Science"],
    "s2FieldsOfStudy": [{"category": "Engineering", "source": "s2-fos-model"}],
    "publicationTypes": ["JournalArticle", "Conference"],
    "publicationDate": "2019-10-27",
    "authors": [
        {"authorId": "145", "name": "Ji Lin", "affiliations": ["MIT"]},
        {"authorId": None, "name": "Chuang Gan"},
    ],
    "tldr": {"model": "tldr@v2.0.0", "text": "It shifts."},
}  # fmt: skip
# Which attributes of a record a field of the row may change.
ATTRIBUTES = {
    "paperId": {"source_id", "s2_paper_id"}, "corpusId": {"s2_corpus_id"},
    "ArXiv": {"arxiv_id"}, "DOI": {"doi", "arxiv_id"}, "CorpusId": {"s2_corpus_id"},
    "ACL": {"acl_id"}, "DBLP": {"dblp_id"}, "MAG": {"mag_id"}, "PubMed": {"pmid"},
    "PubMedCentral": {"pmcid"},
    "externalIds": {
        "s2_corpus_id", "arxiv_id", "doi", "acl_id", "dblp_id", "mag_id", "pmid", "pmcid",
    },
    "title": {"title"}, "abstract": {"abstract"}, "venue": {"venue"}, "publicationVenue": {"venue"},
    "journal": {"venue", "journal_volume", "journal_pages"}, "year": {"year"},
    "referenceCount": {"reference_count"}, "influentialCitationCount":
        {"influential_citation_count"},
    "citationCount": {"citation_count", "counts_observed_at"},
    "isOpenAccess": {"is_open_access"},
    "openAccessPdf": {
        "open_access_pdf", "open_access_url", "open_access_status", "open_access_license",
        "abstract_elided",
    },
    "fieldsOfStudy": {"fields_of_study"}, "s2FieldsOfStudy": {"fields_of_study"},
    "publicationTypes": {"publication_types"}, "publicationDate": {"published_on"},
    "authors": {"authors"}, "tldr": {"tldr"},
}  # fmt: skip
UNUSED = ("publicationVenue.type", "tldr.model", ".source")
TYPES = {**get_type_hints(Record), **get_type_hints(Identifiers)}
NAMES = [f.name for f in (*fields(Record), *fields(Identifiers)) if f.name != "ids"]


def value_of(record: Record, name: str) -> Any:
    return getattr(record.ids if hasattr(record.ids, name) else record, name)


def base_rows(number: int) -> Iterator[dict[str, Any]]:
    """Rows that differ in what they lack, so that every fallback is used."""
    for which in range(number):
        row = copy.deepcopy(ROW)
        for place, name in enumerate([n for n in row if n not in ("paperId", "title")]):
            if which and place % 7 == which % 7:
                row[name] = None
        yield row


def allowed(text: str) -> bool:
    return (
        text == " ".join(text.split())
        and text.isprintable()
        and text.lower() not in ("none", "nan", "null", "")
    )


def is_sound(value: Any) -> bool:
    """Whether a value may stand in any record: of its type, in range, writable."""
    if isinstance(value, Author):
        parts = (value.name, value.s2_author_id, *value.affiliations)
        return all(part is None or is_sound(part) for part in parts)
    if isinstance(value, tuple):
        return all(is_sound(item) for item in value)
    if isinstance(value, str):
        value.encode()
        return allowed(value) and len(value) <= 50_000
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int):
        return 0 <= value <= 2**63 - 1
    if isinstance(value, date):
        return 1600 <= value.year <= NOW.year + 2
    return False


def fits(name: str, value: Any) -> bool:
    """Whether a value is of the type that the record declares."""
    hint = TYPES[name]
    kinds = [k for k in (get_args(hint) or (hint,)) if isinstance(k, type)]
    if value is None or isinstance(value, tuple):
        return True
    if hint is Record.__annotations__.get("source") or name == "source":
        return value in ("semantic_scholar", "arxiv")
    return type(value) in kinds


def raw_of(mutation: Mutation) -> Any:
    """The wrong value itself."""
    at: Any = mutation.row
    for part in mutation.field.split("."):
        try:
            at = at[int(part)] if isinstance(at, list) else at[part]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return at


def is_nothing(raw: Any) -> bool:
    return raw in (None, MISSING, [], {}) or (isinstance(raw, str) and not raw.strip())


def hold(mutation: Mutation, sound: Record) -> None:
    faults = Faults()
    # Over the wire: what a mutation holds must be JSON.
    row = json.loads(json.dumps(mutation.row))
    record, _ = record_of(row, NOW, faults)
    where = f"{mutation.field} {mutation.how}"
    raw = raw_of(mutation)
    if record is None:
        assert mutation.field in ("paperId", "title"), where
        assert faults, where
        return
    field = mutation.field.split(".")[0]
    may = ATTRIBUTES[field]
    for name in NAMES:
        value, right = value_of(record, name), value_of(sound, name)
        assert fits(name, value), (where, name, value)
        assert is_sound(value), (where, name, value)
        if name == "year":
            assert value is None or 1600 <= value <= NOW.year + 2, where
        if value != right:
            assert name in may, (where, name, value)
    assert decode(encode(record)) == record, where
    # A value that was there and is not used is counted.
    used = json.dumps(encode(record)) != json.dumps(encode(sound))
    lost = used and not is_nothing(raw) and not isinstance(raw, list | dict)
    if lost and all(value_of(record, name) in (None, ()) for name in may):
        assert faults, where
    if isinstance(raw, float) and not math.isfinite(raw) and not mutation.field.endswith(UNUSED):
        assert faults, where


def hold_all(count: int) -> int:
    """Hold every mutation of some rows against its row; returns how many there were."""
    tried = 0
    for row in base_rows(count):
        sound, _ = record_of(row, NOW, Faults())
        assert sound is not None
        for mutation in mutations(row):
            hold(mutation, sound)
            tried += 1
    return tried


def test_every_field_in_every_way() -> None:
    """No mutated row gives a wrong value, a wrong type or something that cannot be written."""
    assert hold_all(1) > 1_500


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_ten_thousand_rows() -> None:
    """The same over rows that lack other fields."""
    assert hold_all(12) >= 10_000


# Which attributes of a record an element of an entry may change.
OF_ELEMENTS: dict[str, set[str]] = {
    "id": {"source_id", "arxiv_id", "arxiv_version"}, "title": {"title"},
    "updated": {"arxiv_updated_at"}, "published": {"arxiv_published_at", "year"},
    "summary": {"abstract"}, "comment": {"arxiv_comment"}, "journal_ref": {"journal_ref"},
    "name": {"authors"}, "affiliation": {"authors"}, "doi": {"doi", "arxiv_id"},
    "term": {"arxiv_categories", "arxiv_primary_category"}, "href": set(),
}  # fmt: skip


def hold_entry(feed: str, entry: str, element: str, how: str, wrong: str, sound: Record) -> None:
    faults, where = Faults(), f"{sound.source_id} {element} {how}"
    try:
        page = read_page(feed.replace(entry, wrong).encode(), NOW, faults)
    except BadAnswer:
        assert (element, how) in (("updated", "missing"), ("published", "missing")), where
        return
    if not page.records:
        assert element in ("id", "title"), where
        assert element == "id" or faults, where
        return
    (record,) = page.records
    for name in NAMES:
        value = value_of(record, name)
        assert fits(name, value), (where, name, value)
        assert is_sound(value), (where, name, value)
        if value != value_of(sound, name):
            assert name in OF_ELEMENTS[element], (where, name, value)
    for name in ("arxiv_published_at", "arxiv_updated_at"):
        moment = value_of(record, name)
        assert moment is None or 1986 <= moment.year <= NOW.year, (where, moment)
    assert decode(encode(record)) == record, where


@pytest.mark.parametrize(
    ("entries", "least"),
    [
        pytest.param(2, 150),
        pytest.param(40, 3_800, marks=[pytest.mark.exhaustive, pytest.mark.timeout(900)]),
    ],
)
def test_entries_of_a_feed(entries: int, least: int) -> None:
    """Every element of arXiv's entries in every way of being wrong: blank titles, absurd dates."""
    with Sandbox(limits=False) as box:
        query = f"{box.arxiv_url}?search_query=all:video&max_results={entries}"
        feed = requests.get(query).text
    found = re.findall(r"  <entry>.*?</entry>\n", feed, re.DOTALL)
    head, tail = feed.partition("  <entry>")[0], "</feed>\n"
    tried = 0
    for entry in found:
        one = head + entry + tail
        (sound,) = read_page(one.encode(), NOW, Faults()).records
        for element, how, wrong in entry_mutations(entry):
            hold_entry(one, entry, element, how, wrong, sound)
            tried += 1
    assert tried >= least


def test_the_right_row_has_no_fault() -> None:
    """A row as documented is read whole."""
    faults = Faults()
    record, unknown = record_of(ROW, NOW, faults)
    assert not faults
    assert not unknown
    assert record is not None
    for name in NAMES:
        absent = {"arxiv_version", "openreview_id", "open_access_url"}
        if not name.startswith("arxiv_") and name not in absent | {"journal_ref"}:
            assert value_of(record, name) not in (None, ()), name
    assert record.abstract_elided


@pytest.mark.parametrize("wrong", [-1, "12", True, 2.5, 2**31, float("nan"), [3], {}, "none"])
@pytest.mark.parametrize("name", COUNTS)
def test_counts(name: str, wrong: object) -> None:
    """A count is a whole number from 0 to 2^31 - 1, in a counts batch too."""
    faults = Faults()
    counts = counts_of({**ROW, name: wrong}, faults)
    values = (counts.citation_count, counts.influential_citation_count, counts.reference_count)
    assert values[COUNTS.index(name)] is None
    assert {fault.field for fault in faults} == {name}
