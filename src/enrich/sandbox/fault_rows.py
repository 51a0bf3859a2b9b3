"""Faults in the rows of an answer: right in form, wrong in which papers it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from enrich.sandbox.answers import ATOM, Answer
from enrich.sandbox.catalogue import derived_sha, merged_corpus_id, merged_sha

ENTRY = re.compile(rb"  <entry>.*?</entry>\n", re.DOTALL)
_TOTAL = re.compile(rb"(<opensearch:totalResults[^>]*>)(\d+)")
_TITLE = re.compile(rb"<title>[^<]*</title>")
_OTHER_ID = b"0704.0001v2"  # an id that no catalogue here has
_BOMB = b"""<!DOCTYPE feed [
  <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
  <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY file SYSTEM "file:///etc/hostname">
]>
"""


def empty(service: str, endpoint: str, right: Answer, *, keep_total: bool) -> Answer:
    """A page without rows.

    Args:
        service: `arxiv` or `s2`.
        endpoint: The endpoint, which decides the shape of an empty answer.
        right: The right answer.
        keep_total: Whether arXiv's totalResults stays as it was.

    Returns:
        The answer with status 200.
    """
    if service == "arxiv":
        body = ENTRY.sub(b"", right.body)
        if not keep_total:
            body = _TOTAL.sub(rb"\g<1>0", body)
        return Answer(200, body, ATOM)
    bodies = {
        "batch": b"[]",
        "bulk": b'{"total": 0, "token": null, "data": []}',
        "match": b'{"data": []}',
        "search": b'{"total": 0, "offset": 0}',
        "references": b'{"offset": 0, "data": []}',
        "recommendations": b'{"recommendedPapers": []}',
    }
    return Answer(200, bodies.get(endpoint, b"{}") + b"\n")


def fewer(service: str, right: Answer) -> Answer:
    """Every second row is missing; totals still count them."""
    if service == "arxiv":
        rows = ENTRY.findall(right.body)
        return _without_entries(right, rows[1::2] or rows)
    return rows_changed(right, lambda rows: rows[::2] if len(rows) > 1 else [])


def short(service: str, right: Answer, missing: int) -> Answer:
    """The last rows are missing, and totals do not count them.

    Args:
        service: `arxiv` or `s2`.
        right: The right answer.
        missing: How many rows are missing.

    Returns:
        The shorter answer.
    """
    if service == "arxiv":
        rows = ENTRY.findall(right.body)
        shorter = _without_entries(right, rows[-missing:])
        gone = min(missing, len(rows))
        body = _TOTAL.sub(lambda m: m[1] + b"%d" % (int(m[2]) - gone), shorter.body)
        return replace(shorter, body=body)
    return rows_changed(right, lambda rows: rows[:-missing])


def lose(service: str, right: Answer, text: str) -> Answer:
    """The rows that hold a text are missing; totals still count them.

    Args:
        service: `arxiv` or `s2`.
        right: The right answer.
        text: An id or a part of a title, in any case.

    Returns:
        The shorter answer.
    """
    if service == "arxiv":
        rows = ENTRY.findall(right.body)
        wanted = text.lower().encode()
        return _without_entries(right, [row for row in rows if wanted in row.lower()])
    return rows_changed(
        right, lambda rows: [row for row in rows if text.lower() not in json.dumps(row).lower()]
    )


def twice(service: str, right: Answer) -> Answer:
    """Every row comes twice."""
    if service == "arxiv":
        return replace(right, body=ENTRY.sub(lambda match: match[0] * 2, right.body))
    return rows_changed(right, lambda rows: [row for row in rows for _ in range(2)])


def other(service: str, right: Answer) -> Answer:
    """Rows of papers that were not asked for, under ids that were not asked for."""
    if service == "arxiv":
        body = re.sub(rb"(arxiv\.org/(?:abs|pdf)/)[^<\"]+", rb"\g<1>" + _OTHER_ID, right.body)
        body = re.sub(rb"(<entry>.*?<title>)[^<]*", rb"\1Another paper", body, flags=re.DOTALL)
        return replace(right, body=body)
    values = {
        "paperId": derived_sha("another paper"),
        "corpusId": 899_999_999,
        "externalIds": {"ArXiv": "0704.0001", "CorpusId": 899_999_999},
        "title": "Another paper",
    }
    return _each_row(right, lambda row: {key: values.get(key, row[key]) for key in row})


def merged(service: str, right: Answer) -> Answer:
    """Rows of Semantic Scholar under the ids of records that theirs were merged into."""
    if service == "arxiv":
        return right

    def renamed(row: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(row.get("paperId"), str):
            return row
        row = {**row, "paperId": merged_sha(row["paperId"])}
        if row.get("corpusId"):
            row["corpusId"] = merged_corpus_id(row["corpusId"])
        if ids := row.get("externalIds"):
            row["externalIds"] = {**ids, "CorpusId": merged_corpus_id(ids["CorpusId"])}
        return row

    return _each_row(right, renamed)


def renamed(service: str, right: Answer) -> Answer:
    """Rows whose fields have other names, as after a change of the service's schema."""
    if service == "arxiv":
        return replace(
            right,
            body=ENTRY.sub(
                lambda entry: re.sub(rb"(</?)(id|title)>", rb"\1\2-2>", entry[0]), right.body
            ),
        )
    return _each_row(right, lambda row: {f"{name}2": value for name, value in row.items()})


def rearranged(service: str, right: Answer, change: Callable[[list[Any]], list[Any]]) -> Answer:
    """The answer with other rows, arXiv's as bytes; totals stay.

    Args:
        service: `arxiv` or `s2`.
        right: The right answer.
        change: Makes the new rows, as many as there were, of the rows that are not null.

    Returns:
        The changed answer.
    """
    if service == "arxiv":
        entries = iter(change(ENTRY.findall(right.body)))
        return replace(right, body=ENTRY.sub(lambda _: next(entries), right.body))

    def changed(rows: list[Any]) -> list[Any]:
        full = iter(change([row for row in rows if row is not None]))
        return [None if row is None else next(full) for row in rows]

    return rows_changed(right, changed)


def titles_exchanged(service: str, right: Answer) -> Answer:
    """Each row with the title of the row before it."""

    def exchanged(rows: list[Any]) -> list[Any]:
        if service == "arxiv":
            titles = [title[0] if (title := _TITLE.search(row)) else b"" for row in rows]
            named = zip(rows, titles[-1:] + titles[:-1], strict=True)
            return [title.join(_TITLE.split(row, 1)) for row, title in named]
        if not all(isinstance(row, dict) and "title" in row for row in rows):
            return rows
        titles = [row["title"] for row in rows]
        named = zip(rows, titles[-1:] + titles[:-1], strict=True)
        return [{**row, "title": title} for row, title in named]

    return rearranged(service, right, exchanged)


def unrequested(service: str, right: Answer) -> Answer:
    """One row more, of a paper that nobody asked for."""
    if service == "arxiv":
        entries = ENTRY.findall(other(service, right).body)
        return replace(
            right, body=right.body.replace(b"</feed>", b"".join(entries[:1]) + b"</feed>")
        )
    more = other(service, right)

    def longer(rows: list[Any]) -> list[Any]:
        return [*rows, *([row for row in _rows(more) if row is not None][:1])]

    return rows_changed(right, longer)


def _rows(answer: Answer) -> list[Any]:
    kept: list[Any] = []

    def keep(rows: list[Any]) -> list[Any]:
        kept.extend(rows)
        return rows

    rows_changed(answer, keep)
    return kept


def entities(service: str, right: Answer) -> Answer:
    """A feed whose titles expand without end and point to a file; JSON has no such thing."""
    if service != "arxiv":
        return right
    head, _, feed = right.body.partition(b"<feed")
    feed = re.sub(rb"<title>[^<]*", b"<title>&e; &file;", feed)
    return replace(right, body=head + _BOMB + b"<feed" + feed)


def rows_changed(right: Answer, change: Callable[[list[Any]], list[Any]]) -> Answer:
    """The answer with other rows, wherever its endpoint has them; refusals stay as they are."""
    if right.status != 200:
        return right
    value = json.loads(right.body)
    if isinstance(value, list):
        value = change(value)
    elif isinstance(value, dict):
        name = next(
            (n for n in ("data", "recommendedPapers") if isinstance(value.get(n), list)), ""
        )
        if name:
            value[name] = change(value[name])
        elif "paperId" in value:
            value = (change([value]) or [{}])[0]
    return replace(right, body=json.dumps(value).encode() + b"\n")


def _each_row(right: Answer, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    return rows_changed(
        right, lambda rows: [change(row) if isinstance(row, dict) else row for row in rows]
    )


def _without_entries(right: Answer, entries: list[bytes]) -> Answer:
    body = right.body
    for entry in entries:
        body = body.replace(entry, b"")
    return replace(right, body=body)
