"""What the look-up assumes about Semantic Scholar's APIs, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from enrich.errors import BadAnswer
from enrich.services.assumptions import s2_judgements as judge
from enrich.services.assumptions.check import (
    KNOWN,
    ONE,
    OTHER,
    UNKNOWN,
    Assumption,
    Probe,
    refusal_or,
    throttled_share,
)
from enrich.services.http import Body
from enrich.services.s2_graph import recommendations_url
from enrich.services.s2_requests import FULL, SERVICE, parsed, rows_of
from enrich.services.semantic_scholar import SemanticScholar
from enrich.services.title_queries import MAX_URL

MANY_TITLES, MATCH = "takes many titles in one query", "matches one title"
# Not in the order of `KNOWN`, so that a sorted answer differs from one in the order asked.
_TWO = [f"ARXIV:{OTHER}", f"ARXIV:{ONE}"]
# Words that no title has.
_NONSENSE = "qzxv wkjp vbgh ztrq"


class S2Probe(Probe):
    """Asks Semantic Scholar and returns parsed JSON."""

    def __init__(self, s2: SemanticScholar, now: datetime) -> None:
        super().__init__(s2)
        self.now, self._s2 = now, s2

    def batch(self, ids: Sequence[str], fields: Sequence[str] = FULL) -> list[Any]:
        """The rows of a batch."""
        url = f"{self._s2.base_url}/paper/batch?fields={quote(','.join(fields), safe=',')}"
        rows: list[Any] = self.answer("batch", url, rows_of, {"ids": list(ids)})
        return rows

    def match(self, title: str) -> dict[str, Any]:
        """The answer to a search for one title."""
        query = urlencode({"query": title, "fields": "title,externalIds"})
        return self._object("match", f"{self._s2.base_url}/paper/search/match?{query}")

    def miss(self, title: str) -> dict[str, Any] | str:
        """As `match`, or the words of the refusal."""
        return refusal_or(lambda: self.match(title))

    def bulk(self, titles: Sequence[str]) -> dict[str, Any]:
        """The answer to a search for many titles."""
        return self._object("bulk", self._s2.titles_url(titles))

    def references(self, paper_id: str) -> dict[str, Any]:
        """The first page of one paper's references."""
        url = f"{self._s2.base_url}/paper/{paper_id}/references?fields=title&limit=1000"
        return self._object("references", url)

    def recommendations(self, paper_ids: Sequence[str]) -> dict[str, Any]:
        """Papers recommended for some papers."""
        url = f"{recommendations_url(self._s2.base_url)}/papers/?fields=title&limit=5"
        body = {"positivePaperIds": list(paper_ids), "negativePaperIds": []}
        return self._object("recommendations", url, body)

    def recommendations_with_unknown(self) -> dict[str, Any] | str:
        """As `recommendations` with an unknown id among them, or the words of the refusal."""
        return refusal_or(lambda: self.recommendations([_TWO[0], f"ARXIV:{UNKNOWN[0]}"]))

    def _object(self, endpoint: str, url: str, body: object = None) -> dict[str, Any]:
        def parse(answer: Body) -> dict[str, Any]:
            value = parsed(answer)
            if not isinstance(value, dict):
                raise BadAnswer("Semantic Scholar's answer is not an object.", SERVICE)
            return value

        found: dict[str, Any] = self.answer(endpoint, url, parse, body)
        return found


def assumptions(probe: S2Probe) -> list[Assumption[S2Probe]]:
    """The table for Semantic Scholar; reachability comes first."""
    key = "accepts the key" if probe.connection.has_key else "answers without a key"
    return [
        Assumption(
            f"is reachable and {key}",
            ask=lambda s2: s2.batch([f"ARXIV:{ONE}"], ("title",)),
            judge=lambda rows: None if rows else "no row came for a paper that it has",
            instead="pending until the next run",
        ),
        Assumption(
            "gives the fields we rely on",
            ask=lambda s2: s2.batch(_TWO),
            judge=judge.missing_fields,
            instead="fields it refuses are left out; without ids arXiv is searched by title",
        ),
        Assumption(
            "gives fields of the types we rely on",
            ask=lambda s2: s2.batch(_TWO),
            judge=judge.wrong_types,
            instead="a value of another type is left out and reported as bad_field",
        ),
        Assumption(
            "rows hold only fields that are known here",
            ask=lambda s2: s2.batch(_TWO),
            judge=partial(judge.unknown_fields, now=probe.now),
            instead="they are left out and reported as new_field",
        ),
        Assumption(
            "keeps the order of a batch",
            ask=lambda s2: s2.batch(_TWO),
            judge=judge.other_order,
            instead="rows are paired by identity",
        ),
        Assumption(
            "answers an unknown identifier with null",
            ask=lambda s2: s2.batch([f"ARXIV:{UNKNOWN[0]}", f"ARXIV:{ONE}"], ("title",)),
            judge=judge.no_null,
            instead="what is left out is asked for again; a refused batch is halved",
        ),
        Assumption(
            "does not know arXiv ids with a version",
            ask=lambda s2: s2.batch([f"ARXIV:{ONE}v1", f"ARXIV:{OTHER}"], ("title",)),
            judge=lambda rows: "it finds the paper" if rows[0] else None,
            instead="nothing: versions are stripped before asking",
        ),
        Assumption(
            "takes 500 identifiers at once",
            ask=lambda s2: s2.batch(
                [f"ARXIV:{ONE}", *(f"CorpusId:{9_000_000_000 + n}" for n in range(499))],
                ("title",),
            ),
            judge=lambda rows: (
                None if len(rows) in (1, 500) else f"500 ids were answered with {len(rows)} rows"
            ),
            instead="batches are halved until they pass",
        ),
        Assumption(
            MANY_TITLES,
            ask=lambda s2: s2.bulk(list(KNOWN.values())),
            judge=judge.lost_titles,
            instead="titles are searched one at a time",
        ),
        Assumption(
            f"takes as many titles as {MAX_URL} characters hold",
            ask=lambda s2: s2.bulk(s2.full_query()),
            judge=judge.lost_titles,
            instead="queries are halved until they pass, and the size is remembered",
            needs=MANY_TITLES,
        ),
        Assumption(
            MATCH,
            ask=lambda s2: s2.match(KNOWN[ONE]),
            judge=judge.other_match,
            instead="only the searches for many titles are used",
        ),
        Assumption(
            "says in words when no title matches",
            ask=lambda s2: s2.miss(_NONSENSE),
            judge=judge.silent_miss,
            instead="an empty list is believed once a known title was found",
            needs=MATCH,
        ),
        Assumption(
            "gives the references of many papers in one request",
            ask=lambda s2: s2.batch(_TWO, ("referenceCount", "references.title")),
            judge=judge.short_references,
            instead="the references of each paper are asked for one at a time",
        ),
        Assumption(
            "gives the references of one paper in pages",
            ask=lambda s2: s2.references(_TWO[0]),
            judge=judge.no_reference_page,
            instead="references that came short stay marked as failed",
        ),
        Assumption(
            "recommends recent papers for a list of papers",
            ask=lambda s2: s2.recommendations(_TWO),
            judge=judge.no_recommendations,
            instead="new papers come from arXiv alone",
        ),
        Assumption(
            "refuses recommendations when one of the ids is unknown",
            ask=lambda s2: s2.recommendations_with_unknown(),
            judge=lambda answer: None if isinstance(answer, str) else "unknown ids are ignored",
            instead="nothing: only ids that the service has answered are sent",
            needs="recommends recent papers for a list of papers",
        ),
        Assumption(
            "accepts our pace",
            ask=lambda s2: s2.throttled(),
            judge=throttled_share,
            instead="waits grow after every refusal; set a longer interval",
        ),
    ]
