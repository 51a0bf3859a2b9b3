"""A feed is checked before it is believed."""

from __future__ import annotations

import pytest

from enrich.errors import BadAnswer, Rejected, Unavailable
from enrich.services.arxiv_records import read_page

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


def feed(body: str, total: object = 1) -> bytes:
    return (HEAD.format(total) + body + "</feed>").encode()


def test_a_whole_feed() -> None:
    """Totals, ids and unknown elements are read off a page."""
    page = read_page(feed(ENTRY.format("<arxiv:mood>good</arxiv:mood>")))
    assert page.total == 1
    assert page.ids == ("1811.08383v3",)
    assert page.leftovers == {"{http://arxiv.org/schemas/atom}mood"}


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
    """Text, HTML, a feed that breaks off, entities: an error that asking again may heal."""
    with pytest.raises(BadAnswer):
        read_page(data)


def test_an_error_entry() -> None:
    """An Atom error entry is a refusal with the service's own words, even with status 200."""
    error = (
        "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>"
        "<title>Error</title><summary>incorrect id format for abc</summary></entry>"
    )
    with pytest.raises(Rejected, match="incorrect id format for abc"):
        read_page(feed(error))
    with pytest.raises(Unavailable):
        read_page(feed(error.replace("incorrect id format for abc", "an internal error")))
