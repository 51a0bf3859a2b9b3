"""Which entries are looked up at all: papers, and what may be one by its identifier or wording."""

from __future__ import annotations

import re
from typing import Final

from enrich.papers.identifiers import id_keys
from enrich.papers.titles import Title
from enrich.records import Entry, Identifiers, Override

# Kinds that may stand for a paper; the others are looked up only by an identifier they carry.
_MAY_BE_PAPERS: Final = frozenset({"paper", "code", "dataset", "website"})
_SOFTWARE: Final = re.compile(
    r"\b(?:pytorch|tensorflow|keras|caffe|toolkit|toolbox|library|repository|repo|pretrained"
    r"|implementations?|platform|extractor|easy to use|awesome|collection of|list of|code for"
    r"|source code|tutorial|demo|plugin|wrapper|open source|cross platform|sdk|api|website"
    r"|homepage|blog|models for|datasets?)\b"
)
_SENTENCE: Final = re.compile(r"^(?:this|these|we|here|it|i|you)\b|^(?:\w+ ){1,4}(?:is|are) an? ")
MIN_WORDS: Final = 4


def wants_lookup(entry: Entry, override: Override | None) -> bool:
    """Whether a look-up of this entry can find a paper.

    Papers always; anything with a paper identifier; code, data sets and project pages only where
    their title is worded like a paper's. What a person has pinned is looked up, what a person
    declared absent is not.
    """
    if override is not None and (override.absent or override.pin is not None):
        return not override.absent
    if override is not None and override.kind not in (None, "paper"):
        return False
    if has_identifier(entry.ids) or entry.arxiv_ids:
        return True
    if entry.kind == "paper":
        return bool(Title.of(entry.title).words)
    return entry.kind in _MAY_BE_PAPERS and reads_like_a_paper(entry)


def has_identifier(ids: Identifiers) -> bool:
    """Whether any identifier of a paper is known."""
    return bool(id_keys(ids))


def reads_like_a_paper(entry: Entry) -> bool:
    """Whether a title that stands for code, data or a project could be a paper's."""
    title = Title.of(entry.title)
    if entry.authors_text:
        return bool(title.words)
    if _SOFTWARE.search(title.plain) or _SENTENCE.search(title.plain):
        return False
    return len(title.words) >= MIN_WORDS
