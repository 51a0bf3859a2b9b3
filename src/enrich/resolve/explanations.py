"""Plain sentences: why a candidate was accepted or not, and what an outcome is based on."""

from __future__ import annotations

from typing import Final

from enrich.records import Entry, Override
from enrich.resolve.scoring import STRICT, Evidence, year_fits
from enrich.resolve.title_relation import Kind

METHOD_NAMES: Final = {
    "id:arxiv": "the arXiv id in the list", "id:doi": "the DOI in the list",
    "id:s2": "the Semantic Scholar id in the list", "id:acl": "the ACL id in the list",
    "id:url": "the link in the list", "title:s2": "a title search at Semantic Scholar",
    "title:arxiv": "a title search at arXiv", "title:index": "the local index",
    "override": "an override",
}  # fmt: skip
_TITLE_PHRASES: Final[dict[Kind, str]] = {
    "same": "the titles are the same",
    "trimmed": "the titles are the same but for venue or label",
    "named": "the title is the same but for a name before it",
    "labelled": "the title is the same after a label",
    "unlabelled": "the title is the same but for the record's label",
    "slip": "the titles are the same but for a slip",
    "slips": "the titles are the same but for slips",
    "dropped": "the list omits the subtitle",
    "added": "the list adds a subtitle",
    "shortened": "the list's title ends early",
    "cut": "one title ends early",
    "truncated": "one title is the beginning of the other",
    "quoted": "the title stands in the list's reference",
    "near": "the titles are {:.0%} alike",
    "part": "one title has most words of the other",
    "other": "the titles are only {:.0%} alike",
}


def why(e: Evidence) -> str:
    """Why an accepted candidate is the entry's paper."""
    return f"Found by {METHOD_NAMES[e.candidate.method]}; {phrase(e)}"


def phrase(e: Evidence) -> str:
    """The evidence for a candidate, as one sentence."""
    parts = [_TITLE_PHRASES[e.title.kind].format(e.title.likeness)]
    if e.title.against:
        parts.append(str(e.title.against))
    if e.named_in_abstract:
        parts.append("the list calls it by its short name")
    if e.authors is not None:
        verb = "agree" if e.authors.agrees else "differ" if e.authors.conflicts else "partly agree"
        parts.append(f"the authors {verb}")
    if year_fits(e.year_delta) is False:
        parts.append(f"the years are {abs(e.year_delta or 0)} apart")
    return f"{', '.join(parts)}."


def lacking(entry: Entry, e: Evidence) -> str:
    """What an otherwise plausible candidate lacks, as a clause."""
    if e.authors is not None and e.authors.conflicts:
        return "its authors are others than the list's"
    if e.record.year and e.year_delta is not None and year_fits(e.year_delta) is False:
        return f"its year is {e.record.year}, the list's is {e.record.year - e.year_delta}"
    if entry.kind != "paper" and e.title.kind not in STRICT:
        return f"the entry is {entry.kind} and the titles are not the same"
    if e.title.kind in ("same", "trimmed", "labelled"):
        return "a title this short needs an author, the year or a second source that agrees"
    return f"{phrase(e).removesuffix('.')} and nothing else settles it"


def nobody(papers: list[list[Evidence]], searched_alone: bool) -> str:
    """Why nothing was found, with the nearest that was."""
    nearest = f"; the nearest is {shown(papers[0][0])}" if papers else ""
    if searched_alone:
        return f"No source knows a paper of this title{nearest}."
    return f"No paper of this title was found, not yet searched on its own{nearest}."


def shown(e: Evidence) -> str:
    """A record as a person recognises it."""
    first = f", {e.record.authors[0].name}" if e.record.authors else ""
    year = f", {e.record.year}" if e.record.year else ""
    return f"“{e.record.title}” ({e.record.source}{first}{year})"


def clash(entry: Entry, e: Evidence) -> str:
    """What the list's own id names, beside what the list says."""
    against = f" ({e.title.against})" if e.title.against else ""
    named = METHOD_NAMES[e.candidate.method]
    return (
        f"{named[0].upper()}{named[1:]} names “{e.record.title}”, "
        f"but the list says “{entry.title}”{against}."
    )


def pinned(pin: str, override: Override, e: Evidence) -> str:
    """That a person chose it, and under which title where the list has another."""
    titled = "" if e.title.kind == "same" else f" (“{e.record.title}”)"
    return f"A person pinned {pin}{titled}: {override.reason}"
