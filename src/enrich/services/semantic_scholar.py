"""Semantic Scholar's Graph API: many identifiers in one request, many titles in one request.

https://api.semanticscholar.org/api-docs/graph. Every answer is kept in the store before the next
question is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from enrich.clock import Clock
from enrich.errors import BadAnswer, Rejected, Unproven
from enrich.papers.identifiers import wire_id
from enrich.records import Record
from enrich.services.http import Body
from enrich.services.pairing import pair
from enrich.services.rate_limit import Line
from enrich.services.s2_records import COUNTS, counts_of, record_of
from enrich.services.title_queries import EMPTY_TRIES, names, phrase, resembling
from enrich.store import Store
from enrich.store.keys import identity_keys

SERVICE = "semantic_scholar"
# The service's own bound on ids in one batch.
BATCH = 500
# What tells papers apart: asked of searches, whose answers can be long.
IDENTITY = ("corpusId", "externalIds", "title", "year", "authors", "venue", "publicationDate")
FULL = (
    *IDENTITY, *COUNTS, "abstract", "tldr", "publicationVenue", "journal", "isOpenAccess",
    "openAccessPdf", "fieldsOfStudy", "s2FieldsOfStudy", "publicationTypes",
)  # fmt: skip
_UNSUPPORTED = re.compile(r"unsupported fields?:? \[([^\]]*)\]", re.IGNORECASE)


class SemanticScholar:
    """One run's questions to Semantic Scholar.

    `leftovers` are field names that answers held and we do not know. Searches for titles raise
    Unproven where their silence cannot be believed.
    """

    def __init__(self, base_url: str, line: Line, store: Store, clock: Clock) -> None:
        self.line = line
        self.leftovers: set[str] = set()
        self.rows_seen = self.rows_identified = 0
        self._empty_is_a_miss = False
        self.base_url, self._store, self._clock = base_url, store, clock

    @property
    def hides_identifiers(self) -> bool:
        """Whether no row of this run showed an identifier of others: no arXiv id can be learnt."""
        return self.rows_seen >= 5 and not self.rows_identified

    # -- identifiers

    def by_ids(self, missing: Callable[[], Sequence[str]]) -> None:
        """Ask for the identity keys that `missing` names when the turn has come, at most 500.

        Answers and misses are kept. Raises Rejected when the batch is refused as a whole.
        """

        def work() -> None:
            keys = list(missing())[:BATCH]
            if keys:
                self._batch(keys)

        self.line.run(work)

    def _batch(self, keys: Sequence[str]) -> None:
        proven, doubted = "", True
        while True:
            rows = self._records_of(keys)
            now = self._clock.now()
            paired = pair(keys, rows)
            self._store.keep(SERVICE, paired.answers, now, sightings=paired.strays)
            found = [key for key, record in paired.answers.items() if record]
            self.line.tally.fetched += len(found)
            if not paired.open:
                return
            if len(rows) >= len(keys) or not found:
                raise BadAnswer(
                    f"Semantic Scholar answered {len(paired.open)} of {len(keys)} identifiers "
                    "with rows for other papers or none at all.",
                    SERVICE,
                )
            if found != [proven]:
                proven, doubted = found[0], True
                keys = [*paired.open, proven]
            elif doubted:
                doubted = False
                keys = [proven, *paired.open]
            else:
                # Left out in either order, while what is known to be there came: a plain no.
                self._store.keep(SERVICE, dict.fromkeys(paired.open), now)
                return

    def _records_of(self, keys: Sequence[str]) -> list[Record | None]:
        try:
            rows = self._rows("batch", FULL, {"ids": [wire_id(key) for key in keys]})
        except Rejected as error:
            if "no valid paper ids" not in str(error).lower():
                raise
            return [None] * len(keys)
        return [self._record(row) if row else None for row in rows]

    def counts(self, due: Callable[[], Mapping[str, Record]]) -> None:
        """Refresh the counts of the records that `due` gives by paperId, at most 500."""

        def work() -> None:
            held = dict(list(due().items())[:BATCH])
            if not held:
                return
            rows = self._rows("batch", ("corpusId", *COUNTS), {"ids": list(held)})
            now = self._clock.now()
            counted: list[Record] = []
            gone: dict[str, Record | None] = {}
            for (paper_id, record), row in zip(held.items(), rows, strict=True):
                if row is None:
                    gone[f"s2:{paper_id}"] = None
                elif _is_same(record, row):
                    counted.append(_recounted(record, row, now))
            self._store.recount(SERVICE, counted, now)
            self._store.keep(SERVICE, gone, now)
            self.line.tally.fetched += len(counted)

        self.line.run(work)

    # -- titles

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address that asks for many titles at once."""
        query = " | ".join(f'"{phrase(title)}"' for title in titles)
        fields = ",".join(self._fields("bulk", IDENTITY))
        return f"{self.base_url}/paper/search/bulk?" + urlencode({"query": query, "fields": fields})

    def by_titles(
        self, missing: Callable[[], Mapping[str, str]], witness: str | None
    ) -> frozenset[str]:
        """Ask for many titles at once, given as title by title_key when the turn has come.

        Returns the keys that stay open because the answer was too long to hold them all. Raises
        Rejected when the query is refused, and Unproven when `witness`, a title that the service
        is known to hold, does not come up: then this way of asking does not work.
        """
        doubts = 0

        def work() -> frozenset[str]:
            nonlocal doubts
            titles = dict(missing())
            if not titles:
                return frozenset()
            asked = list(dict.fromkeys([*titles.values(), *([witness] if witness else [])]))
            told = self._asked("bulk", lambda: self.titles_url(asked))
            records = [self._record(row) for row in _data(told)]
            total = told.get("total")
            cut = isinstance(total, int) and total > len(records)
            silent = not records or bool(witness and not cut and not names(witness, records))
            if silent and (doubts := doubts + 1) < EMPTY_TRIES:
                raise BadAnswer("Semantic Scholar's answer lacks what it must find.", SERVICE)
            if silent and witness:
                raise Unproven(
                    "Semantic Scholar's bulk search does not find a paper it holds.", SERVICE
                )
            found = {key: resembling(title, records) for key, title in titles.items()}
            open_keys = frozenset(k for k, rows in found.items() if cut and not rows)
            self._keep_search("bulk", {k: r for k, r in found.items() if k not in open_keys})
            return open_keys

        return self.line.run(work)

    def match(
        self, title_key: str, title: str, still: Callable[[], bool], witness: str | None
    ) -> None:
        """Ask for the one paper that Semantic Scholar thinks `title` means, if `still` needed.

        An empty list is believed to be a miss once a match for `witness`, a title that the service
        is known to hold, was not empty. Raises Rejected when there is no such search.
        """

        def work() -> None:
            if not still():
                return
            rows = self._matches(title)
            if rows == [] and not self._empty_is_a_miss:
                if not witness or not self._matches(witness):
                    raise BadAnswer("Semantic Scholar's match came back empty.", SERVICE)
                self._empty_is_a_miss = True
            records = [self._record(row) for row in (rows or ())[:5]]
            self._keep_search("match", {title_key: records}, whole=True)

        self.line.run(work)

    def _matches(self, title: str) -> list[dict[str, Any]] | None:
        """The rows of a match; None where the service says that there is no paper of this title."""

        def url() -> str:
            fields = ",".join(self._fields("match", FULL))
            query = " ".join(title.replace("-", " ").split())
            return f"{self.base_url}/paper/search/match?" + urlencode(
                {"query": query, "fields": fields}
            )

        try:
            return _data(self._asked("match", url))
        except Rejected as error:
            if error.status == 404 and "title match not found" in str(error).lower():
                return None
            raise

    # --

    def _keep_search(
        self, way: str, found: Mapping[str, Sequence[Record]], *, whole: bool = False
    ) -> None:
        records = list({r.source_id: r for rows in found.values() for r in rows}.values())
        self._store.keep(
            SERVICE,
            {},
            self._clock.now(),
            whole=whole,
            sightings=records,
            searches={(k, way): [r.source_id for r in rows] for k, rows in found.items()},
        )
        self.line.tally.fetched += len(records)

    def _rows(self, endpoint: str, fields: Sequence[str], body: object) -> list[Any]:
        def url() -> str:
            wanted = ",".join(self._fields(endpoint, fields))
            return f"{self.base_url}/paper/batch?fields={quote(wanted, safe=',')}"

        told = self._asked(endpoint, url, body)
        if not isinstance(told, list) or not all(r is None or isinstance(r, dict) for r in told):
            raise BadAnswer("Semantic Scholar's batch answer is not a list of papers.", SERVICE)
        return told

    def _asked(self, endpoint: str, url: Callable[[], str], body: object = None) -> Any:
        """The parsed answer; fields that the service says it does not have are dropped for good."""
        while True:
            try:
                method = "GET" if body is None else "POST"
                return _parsed(self.line.send(endpoint, method, url(), body))
            except Rejected as error:
                refused = _UNSUPPORTED.search(str(error))
                names = {n.strip() for n in refused[1].split(",")} if refused else set()
                if not names - self._refused(endpoint):
                    raise
                self._refuse(endpoint, names)

    def _record(self, row: dict[str, Any]) -> Record:
        record, leftovers = record_of(row, self._clock.now())
        self.leftovers |= leftovers
        self.rows_seen += 1
        self.rows_identified += any(
            key.partition(":")[0] not in ("s2", "corpus") for key in identity_keys(record)
        )
        return record

    def _fields(self, endpoint: str, fields: Sequence[str]) -> list[str]:
        refused = self._refused(endpoint)
        return [name for name in fields if name not in refused]

    def _refused(self, endpoint: str) -> frozenset[str]:
        held = self._store.learnt(SERVICE, f"refused {endpoint}")
        fresh = held and abs((self._clock.now() - held[1]).days) < 30
        return frozenset(held[0].split()) if held and fresh else frozenset()

    def _refuse(self, endpoint: str, names: set[str]) -> None:
        known = " ".join(sorted(self._refused(endpoint) | names))
        self._store.learn(SERVICE, f"refused {endpoint}", known, self._clock.now())


def _parsed(body: Body) -> Any:
    try:
        return json.loads(body.data)
    except ValueError:
        raise BadAnswer(
            "Semantic Scholar's answer broke off: it is not whole JSON.", SERVICE, body.url, 200
        ) from None


def _data(told: Any) -> list[dict[str, Any]]:
    rows = told.get("data", []) if isinstance(told, dict) else None
    if rows is None and isinstance(told, dict):
        rows = []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadAnswer("Semantic Scholar's search answer is not a list of papers.", SERVICE)
    return rows


def _recounted(record: Record, row: Mapping[str, Any], now: datetime) -> Record:
    counts = counts_of(row)
    return replace(
        record,
        citation_count=counts.citation_count,
        influential_citation_count=counts.influential_citation_count,
        reference_count=counts.reference_count,
        counts_observed_at=now,
    )


def _is_same(record: Record, row: Mapping[str, Any]) -> bool:
    # A merged paper keeps its corpus id more often than its paperId; either one will do.
    return row.get("paperId") == record.source_id or row.get("corpusId") in (
        None,
        record.ids.s2_corpus_id,
    )
