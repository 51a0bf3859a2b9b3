"""Semantic Scholar's Graph API: many identifiers in one request, many titles in one request.

https://api.semanticscholar.org/api-docs/graph. Every answer is stored before the next question is
asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from enrich.clock import Clock
from enrich.errors import BadAnswer, Rejected, Unproven
from enrich.papers.identifiers import askable_keys, wire_id
from enrich.records import Record
from enrich.services.connection import Connection
from enrich.services.control import ControlPaper
from enrich.services.fields import Faults
from enrich.services.http import Body
from enrich.services.pairing import Paired, Row, Unusable, pair
from enrich.services.s2_records import COUNTS, Counts, counts_of, record_of
from enrich.services.s2_requests import (
    FULL,
    IDENTITY,
    SERVICE,
    S2Requests,
    data_of,
    parsed,
    rows_of,
)
from enrich.services.title_queries import (
    EMPTY_TRIES,
    TitleQuery,
    as_written,
    names,
    reads_whole_query,
    resembling,
    terms_of,
)
from enrich.store import Store

T = TypeVar("T")

# The service's own bound on ids in one batch is 500; one of them is the control paper's.
BATCH = 499
# Ids that the service names as unknown are taken out of a batch one by one, so many at most.
_MOST_DENIED = 8
# The service's words for an id that it does not have.
_UNKNOWN_ID = re.compile(r"[Pp]aper with id (\S+) not found")
# Rows after which the absence of all foreign identifiers is no accident.
_ROWS_SEEN = 5


class SemanticScholar(S2Requests):
    """One run's questions to Semantic Scholar."""

    def __init__(self, base_url: str, connection: Connection, store: Store, clock: Clock) -> None:
        super().__init__(base_url, connection, store, clock)
        self._explicit_misses = False
        self._rows_seen = self._rows_identified = 0

    @property
    def hides_identifiers(self) -> bool:
        """Whether no row of this run showed an identifier of others: no arXiv id can be learnt."""
        return self._rows_seen >= _ROWS_SEEN and not self._rows_identified

    def ask_control(self, endpoint: str, control: ControlPaper) -> bool:
        """Ask one endpoint for a control paper; whether it was in the answer."""
        if endpoint == "bulk":
            records, _ = self._bulk([as_written(control.title)])
            return names(control.title, records)
        if endpoint == "match":
            return names(control.title, self._matches(control.title) or ())
        return self.finds_by_id(endpoint, control)

    # -- identifiers

    def fetch(self, keys: Sequence[str]) -> frozenset[str]:
        """Ask for identity keys, at most `BATCH`, with a control paper, and store what is answered.

        A paper is missing when the answer has null for it, or when the service refuses the batch
        and names its id, and the answer that holds for the others has the control paper.

        Returns:
            The keys that the answer says nothing about.

        Raises:
            Unproven: The service has neither of two papers that it must have.
            ServiceError: There is no answer.
        """
        held = self.store.held(SERVICE, keys)
        known = {key: h.record for key, h in held.items() if h.record}
        wanted, control = list(keys), self.control(keys)
        denied: list[str] = []
        while True:
            try:
                paired = self._fetched([*wanted, control.key], known, control)
                break
            except Unproven:
                if control.key in self._failed_controls:
                    raise
                self._failed_controls.add(control.key)  # the service may have withdrawn it
                control = self.control(keys)
                self._failed_controls.add(control.key)
            except Rejected as error:
                named = _UNKNOWN_ID.search(str(error))
                key = next((k for k in wanted if named and wire_id(k) == named[1]), None)
                if key is None or len(denied) == _MOST_DENIED:
                    raise
                wanted.remove(key)
                denied.append(key)
        self._failed_controls.clear()
        self.answers.keep(
            "batch",
            {key: record for key, record in paired.found.items() if key in wanted},
            misses=[key for key in (*paired.misses, *denied) if key != control.key],
            sightings=[*paired.unrequested, paired.found[control.key]],
            merged=paired.merged,
        )
        return frozenset(paired.open)

    def _fetched(
        self, keys: Sequence[str], known: Mapping[str, Record], control: ControlPaper
    ) -> Paired:
        """The answer to a batch whose last key is the control paper's.

        Raises Unproven where that paper does not come up.
        """
        failed_checks = 0

        def parse(body: Body, faults: Faults) -> Paired | None:
            nonlocal failed_checks
            paired = pair(keys, [self._row(row, faults) for row in rows_of(body)], known)
            if (row := paired.found.get(control.key)) and control.is_described_by(row):
                return paired
            if (failed_checks := failed_checks + 1) < EMPTY_TRIES:
                raise BadAnswer("Semantic Scholar's answer lacks a paper it must have.", SERVICE)
            return None

        paired = self.batch("batch", FULL, [wire_id(key) for key in keys], parse)
        if paired is None:
            raise Unproven(
                f"Semantic Scholar does not find a paper that it must have ({control.key}): "
                "its answer is not believed.",
                SERVICE,
            )
        self.answers.prove("batch")
        return paired

    def refresh_counts(self, held: Mapping[str, Record]) -> frozenset[str]:
        """Refresh the counts of records, given by paperId, at most `BATCH`.

        A record without a row of its own was merged, or is gone: it is fetched whole, once, and
        known under both ids from then on. Returns the paperIds that were not answered.
        """
        ids = list(held)

        def parse(body: Body, faults: Faults) -> list[Counts]:
            return [counts_of(row, faults) for row in rows_of(body) if row]

        try:
            rows = self.batch("counts", ("corpusId", *COUNTS), ids, parse)
        except Rejected as error:
            if error.refusal != "not_found":
                raise
            rows = []
        by_id = {row.paper_id: row for row in rows if row.paper_id}
        # Where the paper id has changed the corpus id may still be the same.
        by_corpus = {row.corpus_id: row for row in rows if row.corpus_id}
        counted = {
            paper_id: row
            for paper_id, record in held.items()
            if (row := by_id.get(paper_id) or by_corpus.get(record.ids.s2_corpus_id or 0))
        }
        now = self.clock.now()
        fresh = [
            replace(
                held[paper_id],
                citation_count=row.citation_count,
                influential_citation_count=row.influential_citation_count,
                reference_count=row.reference_count,
                counts_observed_at=now,
            )
            for paper_id, row in counted.items()
            if row.citation_count is not None
        ]
        if fresh:
            self.answers.prove("counts")
        self.store.recount(SERVICE, fresh)
        self.connection.stats.records_fetched += len(fresh)
        uncounted = {i for i, row in counted.items() if row.citation_count is None}
        rest = [f"s2:{paper_id}" for paper_id in ids if paper_id not in counted]
        unanswered = self.fetch(rest) if rest else frozenset()
        return frozenset({key.removeprefix("s2:") for key in unanswered} | uncounted)

    # -- titles

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address that asks for many titles at once."""
        return self.query_url(terms_of(map(as_written, titles)))

    def query_url(self, terms: Iterable[str]) -> str:
        """The address that asks for whatever any of the terms finds."""
        query = " | ".join(terms)
        fields = ",".join(self.fields("bulk", IDENTITY))
        return f"{self.base_url}/paper/search/bulk?" + urlencode({"query": query, "fields": fields})

    def search_titles(
        self, queries: Mapping[str, TitleQuery], control: str | None, way: str = "bulk"
    ) -> frozenset[str]:
        """Ask for many titles at once; as `Arxiv.search_titles` does."""
        asked = list(queries.values())
        records, cut = self._bulk(asked, control)
        is_whole = reads_whole_query(records, asked, control)
        if control and not cut and not is_whole:
            raise Unproven(
                "Semantic Scholar's bulk search does not find a paper it holds.", SERVICE
            )
        if is_whole:
            self.answers.prove("bulk")
        return self.keep_searches("bulk", way, queries, (records, cut), whole=False)

    def _bulk(
        self, queries: Sequence[TitleQuery], control: str | None = None
    ) -> tuple[list[Record], bool]:
        """The records of a search, and whether it has more than it shows.

        A search that does not bring up what it must find is repeated: now and then one is empty by
        mistake.
        """
        failed_checks = 0
        terms = terms_of(queries, as_written(control) if control else None)

        def parse(body: Body, faults: Faults) -> tuple[list[Record], bool]:
            nonlocal failed_checks
            answer = parsed(body)
            records = self._records(data_of(answer), faults)
            total = answer.get("total")
            cut = type(total) is int and total > len({r.source_id for r in records})
            if cut and not records:  # a long answer shows its first rows
                raise BadAnswer("Semantic Scholar's answer shows none of its rows.", SERVICE)
            is_whole = cut or reads_whole_query(records, queries, control)
            silent = not records or bool(control and not is_whole)
            if silent and (failed_checks := failed_checks + 1) < EMPTY_TRIES:
                raise BadAnswer("Semantic Scholar's answer lacks what it must find.", SERVICE)
            return records, cut

        return self.ask("bulk", lambda: self.query_url(terms), parse)

    def match(self, key: str, title: str) -> None:
        """Ask for the one paper that Semantic Scholar takes `title` for, and store it.

        No match, or one of another title, is believed once a match for a title that the service is
        known to hold has found it. Its answer to a title it lacks is a 404; an empty list is
        believed only after several and while no 404 of that kind was seen. Raises ServiceError
        when there is no answer.
        """
        found = self._matches(title)
        self._explicit_misses |= found is None
        if found == [] and self._explicit_misses:
            raise BadAnswer("Semantic Scholar's match answered with an empty list.", SERVICE)
        rows = found or []
        alike = resembling(title, rows)
        if alike:
            self.answers.prove("match")
        else:
            self.ensure_proof("match")
        self.answers.keep("match", {}, searches={(key, "match"): alike}, whole=False)

    def _matches(self, title: str) -> list[Record] | None:
        """The records of a match; None where the service says that it has no such title."""
        empty = 0

        def url() -> str:
            fields = ",".join(self.fields("match", IDENTITY))
            query = " ".join(title.replace("-", " ").split())
            return f"{self.base_url}/paper/search/match?" + urlencode(
                {"query": query, "fields": fields}
            )

        def parse(body: Body, faults: Faults) -> list[Record]:
            nonlocal empty
            rows = data_of(parsed(body))[:5]
            if not rows and (empty := empty + 1) < EMPTY_TRIES:
                raise BadAnswer("Semantic Scholar's match answered with an empty list.", SERVICE)
            return self._records(rows, faults)

        try:
            return self.ask("match", url, parse)
        except Rejected as error:
            if error.refusal == "not_found":
                return None
            raise

    # -- rows

    def _row(self, row: dict[str, Any] | None, faults: Faults) -> Row:
        if row is None:
            return None
        record, unknown = record_of(row, self.clock.now(), faults)
        self.answers.unknown_fields |= unknown
        if record is None:
            return Unusable.ROW
        self._rows_seen += 1
        self._rows_identified += any(
            key.partition(":")[0] not in ("s2", "corpus") for key in askable_keys(record.ids)
        )
        return record

    def _records(self, rows: Iterable[dict[str, Any]], faults: Faults) -> list[Record]:
        return [one for row in rows if isinstance(one := self._row(row, faults), Record)]
