"""Titles as phrases of packed queries, and which rows of an answer may be meant.

Both services take `"title one" OR "title two"` in an address. The longest address they accept is
known for arXiv only (600-700 ids, about 7.5 kB, are answered with 414): queries stay at half of
that and are halved again when refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from enrich.papers.author_names import named
from enrich.papers.title_forms import (
    american,
    british,
    expanded,
    split_label,
    split_subtitle,
    uncovered,
)
from enrich.papers.titles import Title, readable_title, title_key
from enrich.records import Record

MAX_URL: Final = 3800
# An empty answer is asked for again: both services send one by mistake now and then.
EMPTY_TRIES: Final = 3
# How alike (0-100) a row has to be to a title to be weighed by `decide`, and how many rows are.
_RESEMBLES: Final = 75.0
_KEPT: Final = 5
# Signs that are operators in Semantic Scholar's bulk search, and the ampersand, which no tokeniser
# keeps.
_OPERATORS: Final = re.compile(r'[+|"*()~\\&\-–—]+')
_PACKABLE_WORDS: Final = 3
# Half of a title is asked for from so many words on, a third of it from so many.
_HALVED_WORDS: Final = 6
_THIRDS_WORDS: Final = 12
# A part of a title is specific enough when its words plus its words outside COMMON reach this: of
# the parts of 1,500 computer science titles 85 % are, and of these 3 % occur in more than three of
# 612,593 titles (the others: 33 %).
_SPECIFIC: Final = 5
_ASKED_WORDS: Final = 3
# Words that more than 1 % of 102,538 computer science titles have.
COMMON: Final = frozenset(
    {
        "of", "for", "and", "in", "a", "the", "on", "with", "networks", "based", "to", "using",
        "an", "systems", "analysis", "learning", "data", "network", "model", "algorithm",
        "approach", "time", "information", "from", "multi", "codes", "by", "algorithms", "graphs",
        "system", "wireless", "linear", "distributed", "efficient", "optimal", "complexity", "via",
        "channel", "models", "detection", "problem", "control", "optimization", "random", "design",
        "performance", "quantum", "channels", "new", "over", "non", "social", "dynamic", "power",
        "graph", "estimation", "large", "logic", "coding", "image", "computing", "energy",
        "applications", "sparse", "problems", "two", "method", "framework", "theory", "mimo",
        "multiple", "communication", "application", "neural", "bounds", "study", "modeling",
        "adaptive", "search", "fast", "online", "capacity", "classification", "sensor",
        "programming", "interference", "mobile", "high", "finite", "games", "stochastic", "low",
        "functions", "as", "clustering", "under", "recognition", "web", "software", "is",
        "towards", "parallel", "space", "robust", "order", "scale", "matrix", "case", "language",
        "user", "selection", "structure", "sensing", "rate", "probabilistic", "access",
        "approximation", "methods", "free", "gaussian", "evaluation", "bayesian", "state", "deep",
        "through", "general", "video", "segmentation", "training", "convolutional", "adversarial",
        "generation", "supervised", "self", "representation", "feature", "features", "visual",
        "human", "object", "attention", "prediction", "knowledge",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TitleQuery:
    """What to ask a service for one title.

    Attributes:
        title: The title as the list gives it, to which rows of the answer are compared.
        terms: Terms in the service's syntax, any of which may find it.
    """

    title: str
    terms: tuple[str, ...]


def as_written(title: str) -> TitleQuery:
    """The whole title as a phrase, for Semantic Scholar."""
    return TitleQuery(title, (f'"{phrase(title)}"',))


def in_other_words(title: str) -> TitleQuery | None:
    """The other ways to write a title as phrases, for Semantic Scholar; None without any."""
    phrases = other_phrases(title)
    return TitleQuery(title, tuple(f'"{words}"' for words in phrases)) if phrases else None


def in_arxiv_title(title: str) -> TitleQuery:
    """The whole title as a phrase, for arXiv, which does not fold accents."""
    # An inner quotation mark breaks the query, escaped or not; the other signs are harmless.
    text = readable_title(title).replace('"', " ").replace("\\", " ")
    return TitleQuery(title, (f'ti:"{" ".join(text.split())}"',))


def by_arxiv_authors(title: str, authors: str | None) -> TitleQuery | None:
    """The first author with any of the title's most telling words, for arXiv; None without."""
    found = author_terms(title, authors)
    if found is None:
        return None
    surname, words = found
    any_word = " OR ".join(f"ti:{word}" for word in words)
    return TitleQuery(title, (f"(au:{surname} AND ({any_word}))",))


def terms_of(queries: Iterable[TitleQuery], control: TitleQuery | None = None) -> list[str]:
    """The terms of all queries and of a control query, none twice."""
    asked = [term for query in queries for term in query.terms]
    return list(dict.fromkeys([*asked, *(control.terms if control else ())]))


def phrase(title: str) -> str:
    """`title` as it may stand between quotation marks: TeX and HTML resolved, no operators."""
    return " ".join(_OPERATORS.sub(" ", readable_title(title)).split())


def can_be_packed(title: str) -> bool:
    """Whether the title is specific enough to be asked for among others.

    One or two words flood an answer that others have to share.
    """
    return len(Title.of(title).words) >= _PACKABLE_WORDS


def other_phrases(title: str) -> tuple[str, ...]:
    """Phrases for a title that was not found as written, as few as find most variants of it.

    Without venue, number or label around it; its parts, as a slip is in one of them only; British
    for American spelling and the reverse; abbreviations written out; `and` for `&`; no accents.
    """
    base = Title.of(bare_title(title))
    parts = _parts(base) or [base.words]
    variants = [_variants(part) for part in parts]
    # A part that is written in one way only finds the title, whatever the others need.
    if len(parts) > 1 and not all(variants):
        variants = [[] for _ in parts]
    forms = [form for part, more in zip(parts, variants, strict=True) for form in (part, *more)]
    asked = phrase(title).lower()
    found = dict.fromkeys(" ".join(form) for form in forms)
    return tuple(form for form in found if form != asked and can_be_packed(form))


def _variants(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Other ways to write some words: abbreviations expanded, other spelling, without `and`."""
    full = expanded(words)
    respelled = american(full) if american(full) != full else british(full)
    forms = (full, respelled, tuple(word for word in words if word != "and"))
    return [form for form in forms if form != words]


def author_terms(title: str, authors: str | None) -> tuple[str, tuple[str, ...]] | None:
    """The surname of the first author that a list names and the most telling words of the title.

    None where either is missing.
    """
    people = named(authors)
    words = [w for w in Title.of(bare_title(title)).words if len(w) > 3 and w not in COMMON]
    if not people or not words:
        return None
    # "Miech, Antoine" is parted at the comma; "Wang X." has the initial last.
    surname = people[0][-1] if len(people[0][-1]) > 1 else max(people[0], key=len)
    return surname, tuple(sorted(words, key=len, reverse=True)[:_ASKED_WORDS])


@lru_cache(maxsize=4096)
def bare_title(title: str) -> str:
    """The title without what lists put around it and without a one-word label."""
    for reading, _ in uncovered(title):
        title = reading
    parts = split_label(title)
    return parts[1] if parts and can_be_packed(parts[1]) else title


def resembling(title: str, records: Sequence[Record]) -> list[Record]:
    """The few records whose titles resemble `title`, best first."""
    key = Title.of(title).key
    forms = _compared_forms(title)
    scored = []
    for record in records:
        found = Title.of(record.title)
        score = 101.0 if found.key == key else max(_alike(form, found.plain) for form in forms)
        if score >= _RESEMBLES:
            scored.append((score, record))
    scored.sort(key=lambda pair: (-pair[0], pair[1].source_id))
    return [record for _, record in scored[:_KEPT]]


def has_full_record(records: Iterable[Record]) -> bool:
    """Whether one of the records has an identifier of arXiv's or of a publisher's.

    Of two records of a paper an answer that is cut may show only the lesser one.
    """
    return any(r.ids.arxiv_id is not None or r.ids.doi is not None for r in records)


def names(title: str, records: Sequence[Record]) -> bool:
    """Whether one of the records has exactly this title."""
    key = title_key(title)
    return any(title_key(record.title) == key for record in records)


def reads_whole_query(
    records: Sequence[Record], queries: Sequence[TitleQuery], control: str | None
) -> bool:
    """Whether an answer shows that the service searched for all titles of a query.

    It does with the control title, which is asked for last, or with two of the titles themselves,
    one of them in the latter half of the query.

    Args:
        records: The answer.
        queries: What was asked, in this order.
        control: A title sent along that the service is known to hold.
    """
    if control and names(control, records):
        return True
    keys = {title_key(record.title) for record in records}
    found = [at for at, query in enumerate(queries) if title_key(query.title) in keys]
    return len(found) > 1 and found[-1] >= len(queries) // 2


def shares_words(found: str, asked: Iterable[str]) -> bool:
    """Whether a title found has half the words of one that was asked for, as any hit must."""
    words = set(Title.of(found).words)
    return any(
        2 * len(words & wanted) >= len(wanted) for wanted in (set(Title.of(t).words) for t in asked)
    )


def _parts(title: Title) -> list[tuple[str, ...]]:
    """A longer title in two or three specific parts: at its subtitle, else in the middle."""
    words = title.words
    if len(words) < _HALVED_WORDS:
        return []
    if len(words) >= _THIRDS_WORDS:
        third = -(-len(words) // 3)
        parts = [words[:third], words[third : 2 * third], words[2 * third :]]
        if all(map(_is_specific, parts)):
            return parts
    subtitle = split_subtitle(title.text)
    if subtitle is not None:
        parts = [Title.of(part).words for part in subtitle]
        if all(map(_is_specific, parts)):
            return parts
    middle = len(words) // 2
    for place in sorted(range(2, len(words) - 1), key=lambda at: abs(at - middle)):
        parts = [words[:place], words[place:]]
        if all(map(_is_specific, parts)):
            return parts
    return []


def _is_specific(words: Sequence[str]) -> bool:
    uncommon = sum(word not in COMMON for word in words)
    return len(words) >= _PACKABLE_WORDS and len(words) + uncommon >= _SPECIFIC


@lru_cache(maxsize=4096)
def _compared_forms(title: str) -> tuple[str, ...]:
    forms = [Title.of(title).words, Title.of(bare_title(title)).words]
    if parts := split_subtitle(title):
        forms.append(Title.of(" ".join(reversed(parts))).words)
    return tuple(
        dict.fromkeys(" ".join(form) for words in forms for form in (words, expanded(words)))
    )


def _alike(wanted: str, found: str) -> float:
    score = fuzz.ratio(wanted, found)
    # A list often omits a subtitle, or a title was shortened between versions.
    if score < _RESEMBLES and min(len(wanted), len(found)) >= 15:
        return max(score, fuzz.partial_ratio(wanted, found) - 10.0)
    return score
