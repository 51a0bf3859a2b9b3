"""Read a text that holds several fields: find the order that all texts of its slot share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from enrich.parsing.inline import squeeze, words
from enrich.parsing.layout.features import features, read_date
from enrich.parsing.names import AND, ET_AL, hide_stops, in_sentence, is_name, show_stops

# Title, authors, venue (with its date): the orders that lists write.
ORDERS = ("TAV", "ATV", "VTA", "TVA", "AVT", "VAT", "TA", "AT", "TV", "VT", "AV", "VA")
_CUT = re.compile(
    r"\s*[.,;:，；：。、]\s+|\s*[，；：。、]\s*|\s*[()\[\]（）]\s*[.,;:]?\s*|\s+[-–—]\s+|(?<=[?!])\s+|"
    rf"\s+{AND}\s+|\s+by\s+"
)
_INSIDE = re.compile(rf"\s*(?:{AND}|、)\s*$")  # no field begins behind these
_PAGES = re.compile(r"(?:pp?|vol|no|pages?)?[.\u2024]?\s*\d+(?:\s*[-–(:]\s*\d+\)?)*", re.IGNORECASE)
_LONGEST = 600  # characters: longer texts are prose
_SAMPLE = 40  # texts that decide the order
_SHARE = 0.55  # of the texts must read well in the order, one field perhaps left out
_WHOLE = 0.3  # of the texts must have every field of the order
_GOOD = 0.45  # mean score of a part that reads well
_PASSABLE = -0.5  # the same where the order is known: a title of capitals looks like a name
_LEAST_TEXTS = 4
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,3}")
_RECURS = 3  # texts that hold the same part: a venue, whatever its name
_VENUE = (-0.5, -0.2, 0.7)
_NAME = (-0.4, 1.0, -0.6)  # how much a part of a name looks like title, authors, venue


@dataclass(frozen=True, slots=True)
class Parts:
    """The fields of one text; those that the order does not have are None."""

    title: str | None = None
    authors: str | None = None
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The order of fields in the texts of a slot, and parts that several of them share."""

    fields: str
    recurring: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    scores: tuple[float, float, float]  # as part of title, authors, venue
    opens: bool  # whether a field can begin here


def find_order(texts: Sequence[str], *, titled: bool = True) -> Order | None:
    """The order of fields in which most of the texts read well; None where there is none.

    `titled`: the texts can hold titles too.
    """
    if len(texts) < _LEAST_TEXTS:
        return None
    step = max(1, len(texts) // _SAMPLE)
    sample = texts[::step][:_SAMPLE]
    count = Counter(
        text[piece.start : piece.end].casefold()
        for text in map(_prepared, sample)
        for piece in _pieces(text)
    )
    recurring = frozenset(text for text, n in count.items() if n >= _RECURS and words(text))
    cut = [_pieces(_prepared(text), recurring) for text in sample]
    best: tuple[int, float, str] | None = None
    for order in ORDERS:
        if "T" in order and not titled:
            continue
        readings = [_read_any(pieces, order, _GOOD) for pieces in cut]
        scores = [reading[1] for reading in readings if reading is not None]
        whole = sum(reading is not None and reading[0] == order for reading in readings)
        if len(scores) >= _SHARE * len(cut) and whole >= _WHOLE * len(cut):
            rank = (len(order), sum(scores) / len(scores), order)
            best = max(best, rank) if best else rank
    found = Order(best[2], recurring) if best else None
    if found and not titled:
        parts = [read_in_order(text, found) for text in sample]
        named = sum(one is not None and read_date(one.venue or "1999") is None for one in parts)
        return found if named >= _WHOLE * len(sample) else None
    return found


def _read_any(
    pieces: Sequence[_Piece], order: str, least: float
) -> tuple[str, float, list[tuple[int, int]]] | None:
    """(order, mean score, spans) of a text that has all fields of an order, or all but one.

    The title is never the one that is missing.
    """
    for part in (order, *(order.replace(field, "") for field in order if field != "T")):
        if len(part) > 1 and (reading := _read(pieces, part, least)) is not None:
            return (part, *reading)
    return None


def read_in_order(text: str, order: Order) -> Parts | None:
    """The parts of a text in a given order; None where it does not read well so."""
    hidden = _prepared(text)
    reading = _read_any(_pieces(hidden, order.recurring), order.fields, _PASSABLE)
    if reading is None:
        return None
    found = {
        field: show_stops(hidden[start:end]).strip(" ,;:，；：|-–—")
        for field, (start, end) in zip(reading[0], reading[2], strict=True)
    }
    return Parts(found.get("T"), found.get("A"), found.get("V"))


def _prepared(text: str) -> str:
    return hide_stops(squeeze(text))


def _pieces(text: str, recurring: frozenset[str] = frozenset()) -> list[_Piece]:
    if len(text) > _LONGEST:
        return []
    found: list[_Piece] = []
    last, opens = 0, True
    for match in [*_CUT.finditer(text), None]:
        end = match.start() if match else len(text)
        if words(text[last:end]):
            part = show_stops(text[last:end])
            if _INITIALS.fullmatch(part) and found and is_name(text[found[-1].start : last - 1]):
                # `Poria, S.`: a surname and what is left of the first names.
                before = found[-1]
                found[-1] = _Piece(before.start, before.end, _NAME, before.opens)
                found.append(_Piece(last, end, _NAME, False))
            else:
                scores = _scores(part)
                # A venue, whatever its name, unless one person wrote several of the papers.
                named = scores[1] < 1.0 and not part.lstrip()[:1].islower()
                if named and text[last:end].casefold() in recurring:
                    scores = _VENUE
                found.append(_Piece(last, end, scores, opens))
            opens = True
        if match:
            opens = opens and not _INSIDE.search(match.group())
            last = match.end()
    return found


def _scores(text: str) -> tuple[float, float, float]:
    seen = features(text)
    name = ET_AL.sub("", text).strip(" .")
    person = is_name(name) if name else bool(ET_AL.search(text))
    whole = person and (seen.words >= 2 or bool(ET_AL.search(text)))
    when = seen.date or seen.venue >= 0.9
    function = in_sentence(words(text))
    if when:
        title = -1.0
    elif function and seen.words >= 3:
        title = 1.0
    elif whole:
        title = -0.4
    else:
        title = 0.7 if seen.words >= 3 else 0.1
    authors = 1.0 if whole and not when else 0.5 if person and not when else -1.0
    venue = 1.0 if when else max(0.4, seen.venue - 0.1) if seen.venue >= 0.4 else -0.6
    if not when and _PAGES.fullmatch(text.strip()):
        venue = 0.3
    return title, authors, venue


def _read(
    pieces: Sequence[_Piece], order: str, least: float
) -> tuple[float, list[tuple[int, int]]] | None:  # fmt: skip
    """(mean score, spans of the parts) of the best cut in this order, if every part is good."""
    count, parts = len(pieces), len(order)
    if count < parts:
        return None
    column = ["TAV".index(field) for field in order]
    # best[p]: (score, starts of the parts so far) with the current piece in part p.
    best: list[tuple[float, tuple[int, ...]] | None] = [None] * parts
    for index, piece in enumerate(pieces):
        following: list[tuple[float, tuple[int, ...]] | None] = [None] * parts
        for part in range(parts):
            score = piece.scores[column[part]]
            stay = best[part]
            enter = best[part - 1] if part else ((0.0, ()) if index == 0 else None)
            options = []
            if stay is not None:
                options.append((stay[0] + score, stay[1]))
            if enter is not None and piece.opens:
                options.append((enter[0] + score, (*enter[1], index)))
            following[part] = max(options, default=None)
        best = following
    final = best[-1]
    if final is None:
        return None
    starts = [*final[1], count]
    spans = []
    for part in range(parts):
        own = pieces[starts[part] : starts[part + 1]]
        size = sum(piece.end - piece.start for piece in own)
        mean = sum(p.scores[column[part]] * (p.end - p.start) for p in own) / size
        one_word = order[part] == "A" and len(own) == 1 and mean < 1.0
        if mean < least or one_word:
            return None
        spans.append((own[0].start, own[-1].end))
    return final[0] / count, spans
