"""Faults in the rows of an answer: right in form, wrong in which papers it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from enrich.sandbox.answers import ATOM, Answer, Occurrence
from enrich.sandbox.catalogue import derived_sha, merged_corpus_id, merged_sha

# Rows are entries of arXiv's feed as bytes, or JSON values of Semantic Scholar.
Change = Callable[[list[Any]], list[Any]]
Act = Callable[[Occurrence], Answer]

# As `feeds` writes an entry, with its indentation and line feed.
ENTRY = re.compile(rb"  <entry>.*?</entry>\n", re.DOTALL)
_TOTAL = re.compile(rb"(<opensearch:totalResults[^>]*>)(\d+)")
_TITLE = re.compile(rb"<title>[^<]*</title>")
_OTHER_ID = b"0704.0001v2"  # an id that no catalogue here has
_OTHER_VALUES = {
    "paperId": derived_sha("another paper"),
    "corpusId": 899_999_999,
    "externalIds": {"ArXiv": "0704.0001", "CorpusId": 899_999_999},
    "title": "Another paper",
}
# A hundred thousand characters for each reference to `e`, and a file of the machine.
_BOMB = b"""<!DOCTYPE feed [
  <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
  <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY file SYSTEM "file:///etc/hostname">
]>
"""


def rows_changed(at: Occurrence, change: Change, *, counted: bool = False) -> Answer:
    """The right answer with other rows, wherever its endpoint has them.

    Args:
        at: The request and its right answer; a refusal of Semantic Scholar stays as it is.
        change: Makes the new rows of the rows.
        counted: Whether arXiv's total changes by as many rows; otherwise totals stay.
    """
    if at.service == "arxiv":
        return _entries_changed(at.right, change, counted)
    if at.right.status != 200:
        return at.right
    value = json.loads(at.right.body)
    if isinstance(value, list):
        value = change(value)
    elif isinstance(value, dict):
        lists = (n for n in ("data", "recommendedPapers") if isinstance(value.get(n), list))
        if name := next(lists, ""):
            value[name] = change(value[name])
        elif "paperId" in value:
            value = (change([value]) or [{}])[0]
    return replace(at.right, body=json.dumps(value).encode() + b"\n")


def _entries_changed(right: Answer, change: Change, counted: bool) -> Answer:
    entries = ENTRY.findall(right.body)
    changed = change(list(entries))
    start = right.body.find(entries[0]) if entries else right.body.find(b"</feed>")
    end = start + sum(map(len, entries))
    body = right.body[:start] + b"".join(changed) + right.body[end:]
    if counted:
        more = len(changed) - len(entries)
        body = _TOTAL.sub(lambda m: m[1] + b"%d" % (int(m[2]) + more), body)
    return replace(right, body=body)


def changing(change: Change) -> Act:
    """A fault that changes the rows and no total."""
    return lambda at: rows_changed(at, change)


def rearranging(change: Change) -> Act:
    """A fault that makes as many rows of the rows that are not null; those stay in their places."""

    def changed(rows: list[Any]) -> list[Any]:
        full = iter(change([row for row in rows if row is not None]))
        return [None if row is None else next(full) for row in rows]

    return changing(changed)


def _each_row(at: Occurrence, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    return rows_changed(
        at, lambda rows: [change(row) if isinstance(row, dict) else row for row in rows]
    )


def empty(at: Occurrence, *, keep_total: bool = False) -> Answer:
    """A page without rows, status 200; with `keep_total` arXiv's total stays as it was."""
    if at.service == "arxiv":
        body = ENTRY.sub(b"", at.right.body)
        return Answer(200, body if keep_total else _TOTAL.sub(rb"\g<1>0", body), ATOM)
    bodies = {
        "batch": b"[]",
        "bulk": b'{"total": 0, "token": null, "data": []}',
        "match": b'{"data": []}',
        "search": b'{"total": 0, "offset": 0}',
        "references": b'{"offset": 0, "data": []}',
        "recommendations": b'{"recommendedPapers": []}',
    }
    return Answer(200, bodies.get(at.endpoint, b"{}") + b"\n")


def short(at: Occurrence) -> Answer:
    """The last rows are missing, and totals do not count them."""
    return rows_changed(at, lambda rows: rows[: -int(at.number(1))], counted=True)


def lose(at: Occurrence) -> Answer:
    """The rows that hold a text (an id, a part of a title) are missing; totals count them."""
    text = (at.value or "").lower()

    def holds(row: Any) -> bool:
        return text in (row.decode() if isinstance(row, bytes) else json.dumps(row)).lower()

    return rows_changed(at, lambda rows: [row for row in rows if not holds(row)])


def other(at: Occurrence) -> Answer:
    """Rows of papers that were not asked for, under ids that were not asked for."""
    if at.service == "arxiv":
        body = re.sub(rb"(arxiv\.org/(?:abs|pdf)/)[^<\"]+", rb"\g<1>" + _OTHER_ID, at.right.body)
        body = re.sub(rb"(<entry>.*?<title>)[^<]*", rb"\1Another paper", body, flags=re.DOTALL)
        return replace(at.right, body=body)
    return _each_row(at, lambda row: {key: _OTHER_VALUES.get(key, row[key]) for key in row})


def unrequested(at: Occurrence) -> Answer:
    """One row more, of a paper that nobody asked for."""
    others: list[Any] = []

    def collect(rows: list[Any]) -> list[Any]:
        others.extend(row for row in rows if row is not None)
        return rows

    rows_changed(replace(at, right=other(at)), collect)
    return rows_changed(at, lambda rows: [*rows, *others[:1]])


def merged(at: Occurrence) -> Answer:
    """Rows of Semantic Scholar under the ids of records that theirs were merged into."""

    def renamed(row: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(row.get("paperId"), str):
            return row
        row = {**row, "paperId": merged_sha(row["paperId"])}
        if row.get("corpusId"):
            row["corpusId"] = merged_corpus_id(row["corpusId"])
        if ids := row.get("externalIds"):
            row["externalIds"] = {**ids, "CorpusId": merged_corpus_id(ids["CorpusId"])}
        return row

    return at.right if at.service == "arxiv" else _each_row(at, renamed)


def renamed(at: Occurrence) -> Answer:
    """Rows whose fields have other names, as after a change of the service's schema."""
    if at.service == "arxiv":
        names = re.compile(rb"(</?)(id|title)>")
        return rows_changed(at, lambda rows: [names.sub(rb"\1\2-2>", row) for row in rows])
    return _each_row(at, lambda row: {f"{name}2": value for name, value in row.items()})


def titles_exchanged(rows: list[Any]) -> list[Any]:
    """Each row with the title of the row before it; rows without titles stay."""
    if all(isinstance(row, bytes) for row in rows):
        titles = [title[0] if (title := _TITLE.search(row)) else b"" for row in rows]
        named = zip(rows, titles[-1:] + titles[:-1], strict=True)
        return [title.join(_TITLE.split(row, 1)) for row, title in named]
    if not all(isinstance(row, dict) and "title" in row for row in rows):
        return rows
    titles = [row["title"] for row in rows]
    named = zip(rows, titles[-1:] + titles[:-1], strict=True)
    return [{**row, "title": title} for row, title in named]


def entities(at: Occurrence) -> Answer:
    """A feed whose titles expand without end and point to a file; JSON has no such thing."""
    if at.service != "arxiv":
        return at.right
    head, _, feed = at.right.body.partition(b"<feed")
    feed = re.sub(rb"<title>[^<]*", b"<title>&e; &file;", feed)
    return replace(at.right, body=head + _BOMB + b"<feed" + feed)
