"""Answers spoilt on purpose: right in form, wrong in what they hold, or too much to hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from enrich.sandbox.answers import ATOM, Answer
from enrich.sandbox.catalogue import derived_sha

_ENTRY = re.compile(rb"  <entry>.*?</entry>\n", re.DOTALL)
_OTHER_ID = b"0704.0001v2"  # an id that no catalogue here has
_BOMB = b"""<!DOCTYPE feed [
  <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
  <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY file SYSTEM "file:///etc/hostname">
]>
"""


def empty(service: str, endpoint: str, right: Answer, *, keep_total: bool) -> Answer:
    """A page without rows; `keep_total` leaves arXiv's totalResults as it was."""
    if service == "arxiv":
        body = _ENTRY.sub(b"", right.body)
        if not keep_total:
            body = re.sub(rb"(<opensearch:totalResults[^>]*>)\d+", rb"\g<1>0", body)
        return Answer(200, body, ATOM)
    bodies = {
        "batch": b"[]",
        "bulk": b'{"total": 0, "token": null, "data": []}',
        "match": b'{"data": []}',
        "search": b'{"total": 0, "offset": 0}',
    }
    return Answer(200, bodies.get(endpoint, b"{}") + b"\n")


def fewer(service: str, right: Answer) -> Answer:
    """Every second row is missing; totals still count them."""
    if service == "arxiv":
        rows = _ENTRY.findall(right.body)
        body = right.body
        for row in rows[1::2] or rows:
            body = body.replace(row, b"")
        return replace(right, body=body)
    return _rows_changed(right, lambda rows: rows[::2] if len(rows) > 1 else [])


def other(service: str, right: Answer) -> Answer:
    """Rows of papers that nobody asked for, under ids that nobody asked for."""
    if service == "arxiv":
        body = re.sub(rb"(arxiv\.org/(?:abs|pdf)/)[^<\"]+", rb"\g<1>" + _OTHER_ID, right.body)
        body = re.sub(rb"(<entry>.*?<title>)[^<]*", rb"\1Another paper", body, flags=re.DOTALL)
        return replace(right, body=body)

    def another(row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        told = {
            "paperId": derived_sha("another paper"),
            "corpusId": 899_999_999,
            "externalIds": {"ArXiv": "0704.0001", "CorpusId": 899_999_999},
            "title": "Another paper",
        }
        return {name: told.get(name, value) for name, value in row.items()}

    return _rows_changed(right, lambda rows: [another(row) for row in rows])


def entities(service: str, right: Answer) -> Answer:
    """A feed whose titles expand without end and point to a file; JSON knows no such thing."""
    if service != "arxiv":
        return right
    head, _, feed = right.body.partition(b"<feed")
    feed = re.sub(rb"<title>[^<]*", b"<title>&e; &file;", feed)
    return replace(right, body=head + _BOMB + b"<feed" + feed)


def padded(right: Answer, megabytes: float) -> Answer:
    """The right answer and blanks without end."""
    return replace(right, body=right.body + b" " * int(megabytes * 1_000_000))


def _rows_changed(right: Answer, change: Any) -> Answer:
    value = json.loads(right.body)
    if isinstance(value, list):
        value = change(value)
    elif isinstance(value, dict) and isinstance(value.get("data"), list):
        value["data"] = change(value["data"])
    elif isinstance(value, dict):
        value = (change([value]) or [{}])[0]
    return replace(right, body=json.dumps(value).encode() + b"\n")
