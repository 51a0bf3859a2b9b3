"""The columns of the tables `references` and `suggestions`."""

from __future__ import annotations

import pyarrow as pa

from enrich.snapshot.column_types import STRINGS, TIME, Column

REFERENCE: tuple[Column, ...] = (
    ("paper_id", pa.string(), "The citing paper, as in `papers`"),
    ("position", pa.int32(), "0-based order in its bibliography, as Semantic Scholar gives it"),
    ("cited_s2_paper_id", pa.string(), "Semantic Scholar's paper id; null if unresolved"),
    ("cited_s2_corpus_id", pa.int64(), "Semantic Scholar's corpus id"),
    ("cited_arxiv_id", pa.string(), "arXiv id, bare and without version"),
    ("cited_doi", pa.string(), "DOI, lower case, without a resolver"),
    ("cited_paper_id", pa.string(), "The paper of this list that it is, as in `papers`"),
    ("title", pa.string(), "Title of the cited work"),
    ("authors", STRINGS, "Its authors in order"),
    ("year", pa.int16(), "Its year of publication"),
    ("venue", pa.string(), "Where it was published"),
    ("citation_count", pa.int32(), "How often it is cited overall, as of observed_at"),
    ("is_resolved", pa.bool_(), "Whether Semantic Scholar knows which work it is"),
    ("observed_at", TIME, "When the bibliography was asked for; kept when it is carried forward"),
)

SUGGESTION: tuple[Column, ...] = (
    ("rank", pa.int32(), "1-based order within the group"),
    (
        "group",
        pa.string(),
        "missing: cited by papers of the list; widely_cited: the same, but known everywhere; new: "
        "recent, recommended by Semantic Scholar",
    ),
    ("s2_paper_id", pa.string(), "Semantic Scholar's paper id"),
    ("arxiv_id", pa.string(), "arXiv id, bare and without version"),
    ("doi", pa.string(), "DOI, lower case, without a resolver"),
    ("title", pa.string(), "Title of the work"),
    ("authors", STRINGS, "Its authors in order"),
    ("year", pa.int16(), "Its year of publication"),
    ("venue", pa.string(), "Where it was published"),
    ("citation_count", pa.int32(), "How often it is cited overall"),
    ("cited_by", STRINGS, "The papers of the list that cite it, as in `papers`"),
    ("cited_by_count", pa.int32(), "How many of them there are"),
    ("papers_with_references", pa.int32(), "Papers of the list whose references are known"),
    ("section", pa.string(), "The section that most of the citing papers stand in"),
    ("score", pa.float64(), "cited_by_count / (1 + log10(1 + citation_count)); 0 if new"),
    ("reason", pa.string(), "One sentence of explanation"),
    ("first_seen", TIME, "When it was first suggested for this list"),
    ("last_seen", TIME, "When it was last suggested: the time of this run, or of the last answer"),
)
