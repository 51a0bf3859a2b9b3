"""Reading a line as a person would: author runs, venues, years, titles inside references."""

from __future__ import annotations

import re
from dataclasses import dataclass

from enrich.lists.inline import squeeze, without_emoji
from enrich.lists.vocabulary import (
    VENUE,
    VENUE_LOOSE,
    VENUE_SHORT_YEAR,
    YEAR,
    is_bracket_venue,
    is_venue,
)

_SMALL = frozenset(
    "a an the of for in on with to from by via and or is are at as using towards toward into over "
    "under through without between beyond how what why when can do does not it its we you your".split()
)
_NAME_PARTICLES = frozenset(
    "de la van der den von di da del dos le bin ben al el ten ter du af".split()
)
_NAME_WORD = re.compile(r"(?:[^\W\d_a-z]\.?-?)+[^\W\d_]*(?:['’\-‐][^\W\d_]+)*\.?[*†‡∗]*\d?$")
_ET_AL = re.compile(r"\bet[. ]+al\b\.?|等$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_NUMBER_PREFIX = re.compile(
    r"^\s*(?:\(?\[?\d{1,4}(?:\.\d{1,3})*\]?[.)、:]|\[\d{1,4}\]|[-*•+▪–—]|\[[ xX]\])\s+"
)
_QUOTES = frozenset("\"'“”‘’„«»「」『』`´")
_STRAY_QUOTES = _QUOTES - {"'", "’"}
_CUTS = re.compile(r"\s*[(（\[【]|[,.|]\s|\s[-–—]\s")
_OPEN_QUOTE = re.compile(r"[\"“”«「『]([^\"“”«»「」『』]{8,400})[\"“”»」』]")


# Words of titles that are no one's name.
_TITLE_WORD = re.compile(
    r"\b(?:Deep|Learning|Learn|Neural|Networks?|Nets?|Image|Images|Visual|Vision|Action|Actions|Detection|"
    r"Recognition|Video|Videos|Models?|Modeling|Analogy|Fast|Faster|R-CNN|CNNs?|Segmentation|Language|"
    r"Object|Objects|Attention|Transformers?|Generation|Generative|Representations?|Understanding|"
    r"Retrieval|Classification|Estimation|Prediction|Tracking|Graphs?|Memory|Machine|Translation|Text|"
    r"Speech|Audio|Multimodal|Data|Datasets?|Benchmark|Survey|Review|Analysis|System|Systems|Framework|"
    r"Method|Methods|Optimization|Adversarial|Reinforcement|Policy|Policies|Robots?|Autonomous|"
    r"Semantic|Scene|Human|Pose|Face|Style|Transfer|Domain|Adaptation|Self-Supervised|Unsupervised|"
    r"Supervised|Weakly|Efficient|Scalable|Towards?|Beyond|Finding|Making|Using|Via|Toward|Embeddings?|"
    r"Clustering|Outlier|Anomaly|Editing|Synthesis|Reasoning|Knowledge|Question|Answering|Dialog(?:ue)?|"
    r"Report|Technical|Project|Version|Equal|Contribution|Group|Team|Research|University|Institute|"
    r"Laboratory|Google|Microsoft|Facebook|OpenAI|DeepMind|Stanford|NVIDIA|Workshop|Conference|Library|"
    r"Toolkit|Toolbox|Code|Paper|Tutorial|Implementation|Official|PyTorch|TensorFlow)\b"
)
# Full stops that end no sentence; they are hidden behind another dot while a text is cut at stops.
_ABBREVIATED = re.compile(
    r"(?<![^\W_])(?:[A-Z]|[A-Z][a-z]?(?=\.-?[A-Z]\.)|al|vs|Jr|Sr|St|Dr|Prof|Proc|Conf|Trans|Int|Symp|Vol|"
    r"vol|No|no|pp|Rev|Mag|Ind|Informat|Comput|Lett|Syst|Sci|Adv|Eng|Univ|Tech|Appl|Mach|Intell|Ch|Yu|"
    r"Th|Ph|cf|Eds?|eds?)\.(?=[\s\-,A-Z])"
)
_HIDDEN_STOP = "\u2024"


def hide_stops(text: str) -> str:
    """The text with the stops of initials and abbreviations hidden from sentence cutting."""
    return _ABBREVIATED.sub(lambda m: m.group()[:-1] + _HIDDEN_STOP, text) if "." in text else text


def show_stops(text: str) -> str:
    """The reverse of `hide_stops`."""
    return text.replace(_HIDDEN_STOP, ".")


@dataclass(frozen=True, slots=True)
class Reference:
    """A line read as a reference; parts it does not have are None."""

    authors: str | None = None
    title: str | None = None
    venue: str | None = None
    year: int | None = None
    rest: str | None = None


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def year_in(text: str) -> int | None:
    """The year a venue text names: `CVPR 2019`, `CVPR2019`, `ICLR' 14`; the last one wins."""
    found = YEAR.findall(text)
    if found:
        return int(found[-1])
    match = re.search(r"[A-Za-z]((?:19[5-9]|20[0-4])\d)(?!\d)", text)
    if match:
        return int(match[1])
    short = VENUE_SHORT_YEAR.search(text)
    if short:
        number = int(short[1])
        return 2000 + number if number < 50 else 1900 + number
    return None


def is_name(text: str) -> bool:
    """Whether a text can be one person's name: `J.-B. Alayrac`, `van der Maaten, L.`."""
    if _TITLE_WORD.search(text):
        return False
    parts = show_stops(text).strip(" .*†‡").split()
    if not 1 <= len(parts) <= 5 or len(text) > 45:
        return False
    capital = 0
    for part in parts:
        if part.lower() in _NAME_PARTICLES:
            continue
        if part in _SMALL or not _NAME_WORD.match(part):
            return False
        capital += 1
    return capital > 0


def _segments(text: str) -> list[str]:
    return [part.strip() for part in re.split(r",|;|\band\b|&", text)]


def is_authors(text: str) -> bool:
    """Whether a whole text is a run of names: comma or `and` between them, `et al.` at its end."""
    text = squeeze(re.sub(r"\([^)\d]{0,40}\)|[*†‡∗]", "", text)).strip(" .,;:-–—")
    if not text or any(ch in text for ch in ":?!"):
        return False
    bare = _ET_AL.sub("", show_stops(text)).strip(" .,;")
    parts = [part for part in _segments(bare) if part]
    names = sum(map(is_name, parts))
    if not parts or not is_name(parts[0]) or names * 5 < len(parts) * 4:
        return False
    # One name in five may be written carelessly ("Hao liu"), but no longer than a name is.
    if any(
        len(part.split()) > 3 or _TITLE_WORD.search(part) for part in parts if not is_name(part)
    ):
        return False
    return len(parts) >= 2 or bool(_ET_AL.search(text)) or 2 <= len(parts[0].split()) <= 4


def clean_title(text: str) -> tuple[str, list[str]]:
    """A title without numbering, venue prefix or suffix, stray quotes and stops; what was cut off."""
    cut: list[str] = []
    text = re.sub(r"\s*\[\[[^\[\]]{1,30}\]\]", " ", squeeze(without_emoji(text)))
    while True:
        before = text
        text = _NUMBER_PREFIX.sub("", text)
        match = re.match(r"^[\[(（【]([^\])）】]{2,60})[\])）】]\s*[:：\-,.|]?\s*", text)
        if (
            match
            and len(text) > match.end()
            and (is_bracket_venue(match[1]) or YEAR.fullmatch(match[1]))
        ):
            cut.append(match[1])
            text = text[match.end() :]
        match = re.match(r"^(\S{3,20}(?:\s?\d{4})?)\s*[:：]\s*(?=\S)", text)
        if match and is_venue(match[1]) and re.search(r"\d", match[1]):
            cut.append(match[1])
            text = text[match.end() :]
        match = re.search(r"\s*[\[(（【]([^\[\](（）)【】]{2,60})[\])）】]\s*[.,;]?$", text)
        if (
            match
            and match.start() > 0
            and (is_bracket_venue(match[1]) or YEAR.fullmatch(match[1].strip()))
        ):
            cut.append(match[1].strip())
            text = text[: match.start()]
        # "How2 Dataset: How2: A …" names the thing before its title.
        match = re.match(r"^(\S{2,30})(?: [Dd]ata ?[Ss]et)?\s*[:：]\s*(?=(\S{2,30}?)[:：]\s)", text)
        if match and match[1] == match[2]:
            text = text[match.end() :]
        match = re.search(r"\s+\[\d{1,4}\]$", text)
        if match:
            text = text[: match.start()]
        match = re.match(
            r"^[\[(（【]([^\[\](（）)【】]{2,40})[\])）】]\s*[:：\-,.|]?\s+(?=\S)", text
        )
        if match and year_in(match[1]) and len(match[1].split()) <= 4:
            cut.append(match[1])
            text = text[match.end() :]
        # A short name in brackets before the title: "[SSD] SSD: Single Shot MultiBox Detector".
        match = re.match(r"^\[((?!Re\])[^\[\]]{1,30})\]\s*[:：\-]?\s+(?=\S)", text)
        if match and words(text[match.end() :]) and len(match[1].split()) <= 4:
            cut.append(match[1])
            text = text[match.end() :]
        text = text.strip(" \t,;:|-–—·•*_~：，；。、").rstrip("[(（【 ")
        if text.count("]") > text.count("["):
            text = text.strip("]")
        if text.endswith(".") and not text.endswith("..."):
            text = text[:-1]
        if text[:1] in _QUOTES and (text.count(text[0]) % 2 or text[-1:] in _QUOTES):
            if text[-1:] in _QUOTES and len(text) > 1:
                text = text[:-1]
            text = text[1:]
        elif text[-1:] in _STRAY_QUOTES and text.count(text[-1]) % 2:
            text = text[:-1]
        text = text.strip()
        if text == before:
            return text, cut


def read_reference(text: str) -> Reference:
    """Authors, title, venue and year of a reference in one of the usual orders."""
    text = hide_stops(squeeze(without_emoji(text)))
    quoted = _OPEN_QUOTE.search(text)
    if quoted and len(words(quoted[1])) >= 2:
        before = text[: quoted.start()].strip(" ,.;:-–—|")
        after = text[quoted.end() :].strip(" ,.;:-–—|")
        tail = read_tail(after)
        plausible = before and (_plausible_authors(before) or is_authors(before))
        return Reference(
            _authors(before) if plausible else tail.authors,
            clean_title(show_stops(quoted[1]))[0], tail.venue, tail.year, tail.rest,
        )  # fmt: skip
    tail = read_tail(text)
    if (tail.authors or tail.venue) and not tail.rest:
        return tail
    authors, rest = split_authors(text)
    if authors and rest:
        title, tail_text = _split_title(rest)
        tail = read_tail(tail_text)
        return Reference(_authors(authors), title or None, tail.venue, tail.year, tail.rest)
    if tail.authors:
        return tail
    title, tail_text = _split_title(text)
    if title and tail_text:
        tail = read_tail(tail_text)
        return Reference(tail.authors, title, tail.venue, tail.year, tail.rest)
    return tail


def _authors(text: str) -> str:
    text = re.sub(r"\s*[*†‡∗]+\s*(?=,|$)|[*†‡∗]", "", show_stops(text)).strip(" ,;:|-–—·")
    return (
        text if _ET_AL.search(text[-7:]) or re.search(r"\b[A-Z]\.$", text) else text.rstrip(" .,")
    )


def _plausible_authors(text: str) -> bool:
    return is_authors(text) or bool(_ET_AL.search(text)) or text.count(",") >= 1


def split_authors(text: str) -> tuple[str | None, str]:
    """(author run, what follows it) when a text starts with two names or more."""
    match = _ET_AL.search(text)
    if match and match.start() < 120:
        head = text[: match.end()]
        if is_authors(head):
            return head.strip(), text[match.end() :].strip(" ,.;:-–—")
    position, names = 0, 0
    for part in re.finditer(
        r"\s*((?:and|&)\s+)?([^,;]+?)(?:\s+(?:and|&)\s+([^,;.]+?))?\s*([,;]|\.(?=\s|$)|$)", text
    ):
        first, second = part[2], part[3]
        if not is_name(first) or (second is not None and not is_name(second)):
            inner = re.match(r"(.+?[^A-Z])\.\s+\S", first)
            if inner and is_name(inner[1]):
                names += 1
                position = part.start(2) + inner.end(1) + 1
            break
        names += 1 if second is None else 2
        position = part.end()
        if part[4] == ".":
            break
    if names >= 2 and position < len(text):
        return text[:position].strip(" ,;"), text[position:].strip(" ,;:-–—")
    return None, text


def _strong_authors(text: str | None) -> bool:
    # Names that cannot be words of a title: initials, et al., or three names of two words each.
    if not text:
        return False
    if _ET_AL.search(text) or re.search(r"\b[A-Z]\. ?[^\W\d_]{2}", text):
        return True
    parts = [part for part in _segments(text) if part]
    return len(parts) >= 3 and all(len(part.split()) >= 2 for part in parts)


def _split_at_tail(text: str) -> tuple[str, Reference] | None:
    """(title, the rest read) where everything after some mark is authors, venue and year."""
    if len(text) > 600:
        return None
    for match in _CUTS.finditer(text):
        head = text[: match.start()]
        if len(words(head)) < 2:
            continue
        tail = read_tail(text[match.start() :])
        if tail.rest is None and (tail.venue or tail.year or _strong_authors(tail.authors)):
            if tail.authors is None or tail.venue or tail.year or _strong_authors(tail.authors):
                return head, tail
    return None


def read_titled(text: str) -> Reference | None:
    """A title followed by what is known of it: `Title (2016), J. Ba et al.`; None if it is not so."""
    text = hide_stops(squeeze(without_emoji(text)))
    boxed = re.match(r"^\[([^\[\]]{10,300})\]\s*(.*)$", text)
    if boxed and len(words(boxed[1])) >= 3:
        tail = read_tail(boxed[2])
        return Reference(
            tail.authors, clean_title(show_stops(boxed[1]))[0], tail.venue, tail.year, tail.rest
        )
    found = _split_at_tail(text)
    if found is None:
        return None
    head, tail = found
    return Reference(tail.authors, clean_title(show_stops(head))[0], tail.venue, tail.year, None)


def _split_title(text: str) -> tuple[str, str]:
    # The title ends at a stop or at the first comma segment that is a venue, a year or an id.
    best = len(text)
    for match in re.finditer(r"[,.;|]\s+|\.\s*$|\s[-–—]\s", text):
        tail = text[match.end() :]
        head = text[: match.start()]
        nxt = re.split(r"[,.;|]\s", tail, maxsplit=1)[0]
        if (
            VENUE_LOOSE.match(nxt)
            or YEAR.fullmatch(nxt.strip(" .()"))
            or re.match(r"(?i)arxiv\b", nxt)
        ):
            best = match.start()
            break
        if match.group().startswith((".", "|")) and len(words(head)) >= 3 and tail:
            best = match.start()
            break
    return clean_title(show_stops(text[:best]))[0], text[best:].strip(" ,.;|")


def read_tail(text: str) -> Reference:
    """What follows a title: ` - J. Choi et al., NeurIPS2019. Note: …` as authors, venue, year, rest."""
    text = hide_stops(squeeze(without_emoji(text)))
    authors: list[str] = []
    venue: list[str] = []
    rest: list[str] = []
    year: int | None = None
    if re.search(r",|\band\b|&|\bet[. ]al", text) and is_authors(text) and not VENUE.search(text):
        return Reference(authors=_authors(text))
    for place, chunk in enumerate(_chunks(text)):
        bare = chunk.strip(' \t,.;:|-–—·*_()[]{}（）【】"“”')
        if not bare:
            continue
        if YEAR.fullmatch(bare):
            year = year or int(bare)
            continue
        if not venue and is_venue(bare):
            venue.append(bare)
            year = year or year_in(bare)
            continue
        single = not re.search(r",|;|&|\band\b|\bet[. ]al", bare)
        if single and place and not rest:
            # One name alone is believed only where nothing else stands before it.
            single = len(authors) + len(venue) == 0 and len(bare.split()) > 3
        if not authors and not (single and (rest or len(bare.split()) > 3)) and is_authors(bare):
            authors.append(_authors(chunk.strip(" ,;:|-–—()[]")))
            continue
        head, tail_venue = _venue_at_end(bare)
        if tail_venue and not venue and (not head or is_authors(head)):
            if head and not authors:
                authors.append(_authors(head))
            venue.append(tail_venue)
            year = year or year_in(tail_venue)
            continue
        if not venue and len(bare) < 160 and VENUE_LOOSE.match(bare):
            venue.append(bare)
            year = year or year_in(bare)
            continue
        by = re.match(r"[Bb]y ((?:[^:：]|:(?!\s)){3,200})[:：]?\s*(.*)$", bare)
        if by and not authors and is_authors(by[1]):
            authors.append(_authors(by[1]))
            bare = by[2]
        if re.search(r"[^\W\d_]", bare):
            rest.append(chunk.strip(" ,;:：|-–—") if not by else bare)
    return Reference(
        authors[0] if authors else None, None, show_stops(venue[0]) if venue else None, year,
        show_stops(squeeze(". ".join(part.strip(". \"“”") for part in rest))) or None,
    )  # fmt: skip


def _venue_at_end(text: str) -> tuple[str, str | None]:
    match = None
    for match in VENUE.finditer(text):
        break
    if match is None:
        return text, None
    return text[: match.start()].strip(" ,.;:-–—(["), text[match.start() :].strip(" ,.;:-–—)]")


def _chunks(text: str) -> list[str]:
    # Cut at bars, dashes, brackets, sentence stops; then at the comma before a venue or a year.
    parts = re.split(r"\s*\|\s*|\s[-–—]\s|\.\s+|[()\[\]（）【】]", text)
    result: list[str] = []
    for part in parts:
        last = 0
        for match in re.finditer(r"[,，]\s*", part):
            tail = part[match.end() :]
            if VENUE_LOOSE.match(tail) or YEAR.match(tail):
                result.append(part[last : match.start()])
                last = match.end()
        result.append(part[last:])
    return [part for part in result if part.strip()]
