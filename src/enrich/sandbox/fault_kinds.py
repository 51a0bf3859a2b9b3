"""The kinds of faults: a table of name, description and what each does to the right answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from enrich.sandbox import fault_answers as sends
from enrich.sandbox import fault_rows, mutate
from enrich.sandbox.answers import TEXT, Answer, Occurrence

_STATUS = re.compile(r"[2345]\d\d")


@dataclass(frozen=True)
class Kind:
    """What a fault does: its description, its action, and what may stand after `=`."""

    what: str
    act: Callable[[Occurrence], Answer | None]
    takes: Literal["", "number", "text", "mutation"] = ""

    def check(self, name: str, value: str | None) -> None:
        """Raise ValueError for a value that this kind does not take."""
        if value is None:
            return
        if self.takes == "mutation":
            mutate.check(value.partition(":")[2])
        if self.takes in ("text", "mutation"):
            return
        if self.takes == "":
            raise ValueError(f"the fault {name} takes no value, {value!r} was given")
        if not re.fullmatch(r"\d+(\.\d+)?", value):
            raise ValueError(f"the fault {name} takes a number, not {value!r}")


def kind_of(name: str) -> Kind:
    """The kind of a name or of an HTTP status; raises ValueError for an unknown name."""
    if name in KINDS:
        return KINDS[name]
    if _STATUS.fullmatch(name):
        return Kind(f"status {name}", sends.status, "number")
    raise ValueError(f"unknown fault {name!r}; known are HTTP statuses and {', '.join(KINDS)}")


_STATUSES = {
    "204": "no content", "418": "refused by something between", "599": "no status of any standard",
    "400": "refused", "401": "refused", "403": "denied; HTML from arXiv, `Forbidden` from S2",
    "404": "refused, as under a wrong base path", "405": "refused", "410": "refused",
    "406": "refused as arXiv throttles at times",
    "429": "refused as too fast, without Retry-After; 429=30 adds `Retry-After: 30`",
    "500": "internal error", "502": "bad gateway", "504": "gateway timeout",
    "503": "unavailable; from arXiv with `Retry-After: 0`",
}  # fmt: skip

KINDS: dict[str, Kind] = {
    **{code: Kind(what, sends.status, "number") for code, what in _STATUSES.items()},
    "unknown": Kind(
        "answered as if no paper were known: misses, `null`s, empty lists", sends.unknown
    ),
    "rate200": Kind(
        "`Rate exceeded.` with status 200",
        lambda at: Answer(200, sends.RATE_EXCEEDED.encode(), TEXT),
    ),
    "html": Kind("an HTML page with status 200", sends.html),
    "key-echo": Kind(
        "400 (key-echo=403: 403) with the API key in its message", sends.key_echo, "number"
    ),
    "key-redirect": Kind(
        "302 to an address that holds the API key",
        lambda at: sends.location(f"http://127.0.0.1:9/?api_key={at.call.key}"),
    ),
    "redirect": Kind("302 to 127.0.0.1; redirect=8080 names the port", sends.redirect, "number"),
    "location": Kind(
        "302 to location=ADDRESS as it stands; without one to `http://[::1/x`",
        lambda at: sends.location("http://[::1/x" if at.value is None else at.value),
        "text",
    ),
    "loop": Kind("302 to the same address", sends.loop),
    "drop": Kind("the connection is closed without an answer", lambda at: None),
    "garbage": Kind(
        "bytes that are not HTTP", lambda at: replace(at.right, manner="raw", body=b"\0\1\2 no\n")
    ),
    "long-header": Kind(
        "a header of 100 kB", lambda at: replace(at.right, headers={"X-Long": "x" * 100_000})
    ),
    "many-headers": Kind(
        "200 headers", lambda at: replace(at.right, headers={f"X-{n}": "x" for n in range(200)})
    ),
    "continue": Kind(
        "`100 Continue` without end, one a second; continue=0 without a pause",
        lambda at: replace(at.right, manner="continue", pause=at.number(1.0)),
        "number",
    ),
    "slow": Kind(
        "answered correctly, but late; slow=2 waits 2 s",
        lambda at: replace(at.right, delay=at.number(1.0)),
        "number",
    ),
    "trickle": Kind(
        "answered correctly, but in twenty pieces; trickle=2 takes 2 s",
        lambda at: replace(at.right, lasting=at.number(1.0)),
        "number",
    ),
    "drip": Kind(
        "the body comes a byte a second; drip=5 every 5 s",
        lambda at: replace(at.right, manner="drip", pause=at.number(1.0)),
        "number",
    ),
    "drip-headers": Kind(
        "the headers come a byte a second; drip-headers=5 every 5 s",
        lambda at: replace(at.right, manner="drip-headers", pause=at.number(1.0)),
        "number",
    ),
    "endless": Kind(
        "one chunk without end, a byte every 0.1 s; endless=5 every 5 s",
        lambda at: replace(at.right, manner="endless", pause=at.number(0.1)),
        "number",
    ),
    "truncate": Kind(
        "the body ends half-way, Content-Length is that of the whole",
        lambda at: replace(at.right, cut=len(at.right.body) // 2),
    ),
    "cut": Kind(
        "the body ends half-way, Content-Length agrees with that",
        lambda at: replace(at.right, body=at.right.body[: len(at.right.body) // 2]),
    ),
    "huge": Kind(
        "the right answer and 50 MB of blanks; huge=5 for 5 MB",
        lambda at: replace(at.right, body=at.right.body + b" " * int(at.number(50) * 1_000_000)),
        "number",
    ),
    "gzip-bomb": Kind("as `huge`, but compressed to a few kB", sends.gzipped, "number"),
    "gzip-broken": Kind(
        "`Content-Encoding: gzip` over a body that is not compressed",
        lambda at: replace(at.right, headers={"Content-Encoding": "gzip"}),
    ),
    "nested": Kind(
        "lists or elements nested 100,000 deep; nested=50 for 50", sends.nested, "number"
    ),
    "entities": Kind(
        "arXiv's feed is full of XML entities that expand, and one that reads a file",
        fault_rows.entities,
    ),
    "bad-utf8": Kind("a byte that is not UTF-8 in a title", sends.bad_utf8),
    "body": Kind(
        "status 200 with body=TEXT; without one `null`",
        lambda at: replace(at.right, status=200, body=(at.value or "null").encode()),
        "text",
    ),
    "empty": Kind("an empty answer with status 200; arXiv says totalResults=0", fault_rows.empty),
    "empty-total": Kind(
        "the same, but arXiv's totalResults says there were some",
        lambda at: fault_rows.empty(at, keep_total=True),
    ),
    "fewer": Kind(
        "every second row is missing",
        fault_rows.changing(lambda rows: rows[::2] if len(rows) > 1 else []),
    ),
    "short": Kind(
        "the last row is missing and totals do not count it; short=3: the last three",
        fault_rows.short,
        "number",
    ),
    "lose": Kind(
        "rows that hold lose=TEXT, an id or part of a title, are missing", fault_rows.lose, "text"
    ),
    "twice": Kind(
        "every row comes twice",
        fault_rows.changing(lambda rows: [row for row in rows for _ in range(2)]),
    ),
    "other": Kind("the rows are of other papers than those asked for", fault_rows.other),
    "reversed": Kind(
        "the rows stand in the reverse order", fault_rows.rearranging(lambda rows: rows[::-1])
    ),
    "same": Kind(
        "every row is the first one",
        fault_rows.rearranging(lambda rows: rows[:1] * len(rows)),
    ),
    "titles": Kind(
        "each row has the title of the row before it",
        fault_rows.rearranging(fault_rows.titles_exchanged),
    ),
    "unrequested": Kind("one row more, of a paper that nobody asked for", fault_rows.unrequested),
    "cached": Kind(
        "the first answer of the endpoint, whatever is asked, as from a cache that ignores the "
        "question",
        lambda at: at.first,
    ),
    "alien": Kind("JSON or XML of the right type and of another kind of answer", sends.alien),
    "renamed": Kind(
        "the fields of rows under other names, as after a change of the schema", fault_rows.renamed
    ),
    "denied": Kind(
        "404 in the service's own words for a paper that it does not have", sends.denied
    ),
    "bom": Kind(
        "a byte order mark before the right answer",
        lambda at: replace(at.right, body=b"\xef\xbb\xbf" + at.right.body),
    ),
    "retry-after": Kind(
        "429 with `Retry-After: TEXT`; without one a date of 2015",
        lambda at: replace(
            sends.too_fast(at.service),
            headers={"Retry-After": at.value or "Wed, 21 Oct 2015 07:28:00 GMT"},
        ),
        "text",
    ),
    "merged": Kind(
        "every paper of S2 has been merged: its rows have another paperId and corpusId",
        fault_rows.merged,
    ),
    "mutate": Kind(
        "one value of each row is wrong, drawn by the seed; mutate=FIELD or "
        "mutate=FIELD:HOW says which and how (see below)",
        mutate.mutated,
        "mutation",
    ),
}
