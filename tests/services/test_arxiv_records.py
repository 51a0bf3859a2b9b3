"""A feed is checked before it is believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from enrich.errors import BadAnswer, Rejected, Unavailable
from enrich.services.arxiv_records import Page, read_page
from enrich.services.fields import Fault, Faults

NOW = datetime(2026, 11, 22, tzinfo=UTC)

HEAD = (
    '<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom">'
    "<opensearch:totalResults>{}</opensearch:totalResults>"
)
ENTRY = (
    "<entry><id>http://arxiv.org/abs/1811.08383v3</id><title>T</title>"
    "<published>2018-11-20T17:39:26Z</published><updated>2019-08-22T15:50:45Z</updated>{}</entry>"
)


def page_of(data: bytes, faults: Faults | None = None) -> Page:
    return read_page(data, NOW, Faults() if faults is None else faults)


def feed(body: str, total: object = 1) -> bytes:
    return (HEAD.format(total) + body + "</feed>").encode()


def test_a_whole_feed() -> None:
    """Totals, ids and unknown elements are read off a page."""
    page = page_of(feed(ENTRY.format("<arxiv:mood>good</arxiv:mood>")))
    assert page.total == 1
    assert page.ids == ("1811.08383v3",)
    assert page.unknown_elements == {"{http://arxiv.org/schemas/atom}mood"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Rate exceeded.",
        b"<html><body>Please wait</body></html>",
        feed(ENTRY.format(""))[:-20],
        feed(ENTRY.format(""), total="many"),
        feed(ENTRY.format("").replace("published", "somewhen")),
        b'<!DOCTYPE feed [<!ENTITY a "aaaa">]>' + feed(ENTRY.format("")),
        b'<!DOCTYPE feed [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + feed("<title>&f;</title>"),
    ],
)
def test_what_is_no_whole_feed(data: bytes) -> None:
    """Text, HTML, a feed that breaks off, entities: an error that is worth a retry."""
    with pytest.raises(BadAnswer):
        page_of(data)


def test_an_error_entry() -> None:
    """An Atom error entry is a refusal with the service's own words, even with status 200."""
    error = (
        "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>"
        "<title>Error</title><summary>incorrect id format for abc</summary></entry>"
    )
    with pytest.raises(Rejected, match="incorrect id format for abc"):
        page_of(feed(error))
    with pytest.raises(Unavailable):
        page_of(feed(error.replace("incorrect id format for abc", "an internal error")))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("<title>T</title>", "<title> \n </title>", "title"),
        ("2018-11-20T17:39:26Z", "20018-11-20T17:39:26Z", "published"),
        ("2018-11-20T17:39:26Z", "0001-01-01T00:00:00Z", "published"),
        ("2019-08-22T15:50:45Z", "2999-08-22T15:50:45Z", "updated"),
        ("abs/1811.08383v3", "abs/1813.08383v3", "id"),
    ],
)
def test_a_field_that_cannot_be_used_is_left_out(old: str, new: str, field: str) -> None:
    """A blank title, an absurd date or an id of no month is counted and never kept."""
    faults = Faults()
    page = page_of(feed(ENTRY.format("").replace(old, new)), faults)
    assert {fault.field for fault in faults} == {field}
    if field in ("title", "id"):
        assert page.records == ()
        assert len(page.ids) == 1
    else:
        assert getattr(page.records[0], f"arxiv_{field}_at") is None


def test_a_sound_entry_has_no_fault() -> None:
    """What is missing or blank is no fault."""
    faults = Faults()
    entry = ENTRY.format("<summary> </summary><arxiv:doi>10.1109/X.1</arxiv:doi>")
    (record,) = page_of(feed(entry), faults).records
    assert not faults
    assert record.abstract is None
    assert record.ids.doi == "10.1109/x.1"
    assert Fault("title", "needed for a record") not in faults
