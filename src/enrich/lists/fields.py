"""A draft's title, authors, venue, year, note and links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from enrich.identifiers import link_key, names_paper
from enrich.lists.inline import Piece, lines, plain, squeeze, without_emoji
from enrich.lists.segment import Draft, external, is_badge, title_like
from enrich.lists.text import (
    Reference,
    clean_title,
    hide_stops,
    read_reference,
    read_tail,
    read_titled,
    split_authors,
    words,
    year_in,
)
from enrich.lists.vocabulary import VENUE_LOOSE, is_bracket_venue, is_venue, label_role
from enrich.records import Link, Role

_HOST_ROLES: tuple[tuple[str, Role], ...] = (
    (r"github\.com|gitlab\.|bitbucket\.org|sourceforge\.net|codeocean|gist\.github", "code"),
    (r"youtube\.com|youtu\.be|vimeo\.com|bilibili|videolectures", "video"),
    (r"medium\.com|/blog|blog\.|\bblogspot|towardsdatascience|zhihu\.com|jianshu|csdn\.net|googleblog", "post"),
    (r"slideshare|speakerdeck|\.pptx?$", "slides"),
    (r"kaggle\.com/(?:c|datasets)|huggingface\.co/datasets|/datasets?/", "dataset"),
    (r"\.pdf(?:$|[?#])|ieeexplore|dl\.acm\.org|sciencedirect|link\.springer|ijcai\.org/proceedings|"
     r"jmlr\.org/papers|papers\.nips|proceedings\.(?:neurips|mlr)|ecva\.net/papers|thecvf\.com/content|"
     r"ojs\.aaai|aaai\.org|isca-speech|onlinelibrary|tandfonline|semanticscholar", "paper"),
    (r"\.github\.io|sites\.google\.com", "project"),
)  # fmt: skip
_HOSTS = tuple((re.compile(pattern, re.IGNORECASE), role) for pattern, role in _HOST_ROLES)
_PREFIX_LABEL = re.compile(r"([^\s:：|,;()\[\]][^:：|,;()\[\]]{0,40}?)\s*[:：]\s*[\[(（*]*\s*$")
_NOTE_LABEL = re.compile(
    r"^(?:summary|note|notes|comment|comments|description|keywords?|highlights?|tl;?dr|abstract|"
    r"备注|简介|关键词)\s*[:：]\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AUTHORS_LABEL = re.compile(
    r"^(?:authors?|by|作者(?:团队)?)\s*[:：]\s*(.+)$", re.IGNORECASE | re.DOTALL
)
_VENUE_LABEL = re.compile(
    r"^(?:venue|publisher|publication|conference|journal|published(?: in)?|source|会议|出处)\s*[:：]\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY_BRACKETS = re.compile(r"[\[(（【]\s*(?:\|\s*)*[\])）】]")
_TAG = r"[\[(（【]([^\[\](（）)【】]{2,90})[\])）】]"


@dataclass(slots=True)
class Fields:
    """What a draft says, cleaned."""

    title: str = ""
    authors: str | None = None
    venue: str | None = None
    year: int | None = None
    notes: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    paper_label: bool = False  # a line says `论文：暂无`: a paper that has no link yet

    def take(self, reference: Reference, *, note: bool = True) -> None:
        """Fill what is still open from a line that was read."""
        self.authors = self.authors or reference.authors
        if not self.venue and reference.venue:
            self.venue = reference.venue
        self.year = self.year or reference.year
        if note and reference.rest and words(reference.rest):
            self.notes.append(reference.rest)


def url_role(url: str) -> Role:
    """The role an address suggests by itself."""
    if names_paper(url):
        return "paper"
    if link_key(url):
        return "dataset"
    for pattern, role in _HOSTS:
        if pattern.search(url):
            return role
    return "other"


def clean_label(text: str) -> str:
    """A link's label without brackets, emphasis and pictograms."""
    bare = squeeze(without_emoji(text)).strip()
    while len(bare) > 1 and bare[0] in "[(【" and bare[-1] in "])】":
        bare = bare[1:-1].strip()
    return bare.strip("*_` ") or squeeze(text)


def read_links(items: Sequence[Piece]) -> list[Link]:
    """The links of one line with their roles; a label may stand before the link (`Code: …`)."""
    result: list[Link] = []
    before = ""
    carried = ""
    for piece in items:
        if piece.link is None:
            if piece.is_break:
                before, carried = "", ""
            elif not piece.image:
                before += piece.text
                if squeeze(before).strip(" ,;/&|"):
                    carried = ""
            continue
        url = piece.link.url
        prefix = _PREFIX_LABEL.search(squeeze(without_emoji(before)))
        named = prefix[1].strip("*_ ") if prefix else carried
        named = re.sub(r"[（(].*$", "", named).strip()
        label = named if piece.link.bare and named else clean_label(piece.text)
        if piece.link.bare and not named:
            label = url
        role = None if piece.link.bare and not named else label_role(squeeze(without_emoji(label)))
        if named and label_role(named) not in (None, "other") and role in (None, "other"):
            role = label_role(named)
        by_url = url_role(url)
        if role is None or (role == "other" and by_url != "other" and _vague(label)):
            role = by_url
        if piece.link.url:
            result.append(Link(label, url, role, piece.link.line))
        carried = named
        before = ""
    return result


def _vague(label: str) -> bool:
    return label.lower() in ("link", "url", "here", "download", "source", "image") or not words(
        label
    )


def read_fields(draft: Draft) -> Fields:
    """Everything a draft says."""
    result = Fields()
    lead_lines = lines(draft.lead)
    for line in [draft.lead, *draft.more]:
        result.links.extend(read_links(line))
    if draft.title is not None:
        result.title = clean_title(draft.title)[0]
        for role, items in draft.columns.items():
            _take_column(result, role, items)
        return result
    title, used, cut = _title_of(draft.lead)
    reference = _as_reference(title) if cut is None else None
    if reference is not None and reference.title:
        title = reference.title
        result.take(reference)
    title_text, more_cut = clean_title(title)
    result.title = title_text or _label_as_title(draft.lead)
    for text in [*(cut or ()), *more_cut]:
        _take_tag(result, text)
    for role, items in draft.columns.items():
        _take_column(result, role, items)
    start = min(used, default=0)
    before = re.sub(_TAG, " | ", _rest(draft.lead[:start], set())) if start else ""
    rest = f"{before} | {_rest(draft.lead[start:], {i - start for i in used})}".strip(" |")
    if rest:
        result.take(read_tail(rest))
    for line in draft.more:
        _take_line(result, line, draft)
    del lead_lines
    if result.venue and result.year is None:
        result.year = year_in(result.venue)
    return result


def _take_tag(result: Fields, text: str) -> None:
    bare = squeeze(without_emoji(text)).strip("[]() ")
    if re.fullmatch(r"(?:19[5-9]|20[0-4])\d", bare):
        result.year = result.year or int(bare)
    elif is_bracket_venue(bare) or (VENUE_LOOSE.match(bare) and len(bare.split()) <= 14):
        result.venue = result.venue or bare
        result.year = result.year or year_in(bare)
    elif words(bare):
        result.notes.append(bare)


def _take_column(result: Fields, role: str, items: Sequence[Piece]) -> None:
    text = squeeze(without_emoji(plain(items))).strip(" -–—*")
    if not words(text):
        return
    if role == "authors":
        result.authors = result.authors or text
    elif role == "venue":
        result.venue = result.venue or text
        result.year = result.year or year_in(text)
    elif role == "year":
        result.year = result.year or year_in(text)
    elif not external(items):
        result.notes.append(text)


def _label_as_title(lead: Sequence[Piece]) -> str:
    """The first link's label where nothing else names the entry: `[[PySlowFast]](…)`."""
    for piece in external(lead):
        label = clean_label(piece.text)
        bare = piece.link is not None and piece.link.bare
        if not bare and not is_badge(piece) and label_role(label) is None:
            return label
    return ""


def _as_reference(text: str) -> Reference | None:
    """Plain leading text read as a whole reference, if it has the marks of one."""
    text = re.sub(r"^\s*[\[(]?\d{1,4}[\])]?[.)]?\s+(?=\D)", "", squeeze(without_emoji(text)))
    titled = read_titled(text)
    if (
        titled is not None
        and '"' not in text
        and "“" not in text
        and not split_authors(hide_stops(text))[0]
    ):
        return titled
    reference = read_reference(text)
    if not reference.title or len(words(reference.title)) < 2:
        return None
    return reference if reference.authors or reference.venue or reference.year else None


def _title_of(lead: Sequence[Piece]) -> tuple[str, set[int], list[str] | None]:
    """(title, indexes of the pieces it takes, tags cut off before it; None for plain text)."""
    first_link: int | None = None
    bold: list[int] = []
    for i, piece in enumerate(lead):
        if piece.link is not None and not piece.image and piece.link.url.startswith("#"):
            continue
        if piece.link is not None:
            if is_badge(piece) or piece.image:
                continue
            before = "".join(p.text for p in lead[:i])
            if before.count("(") > before.count(")"):
                continue
            if first_link is None and title_like(piece.text) and not piece.link.bare:
                first_link = i
            if first_link is None and label_role(piece.text) is not None:
                break
            if piece.link.bare:
                break
            if first_link is not None:
                break
        elif piece.bold and not piece.is_break and not bold and title_like(piece.text):
            before = "".join(p.text for p in lead[:i])
            tagged = piece.text.strip().startswith("[") and piece.text.strip().endswith("]")
            opened = before.rstrip().endswith("(")
            if not tagged and not opened:
                bold.append(i)
    if bold:
        i = bold[0]
        text = lead[i].text
        used = {i}
        j = i + 1
        while j < len(lead) and lead[j].link is None and not lead[j].is_break and lead[j].bold:
            text += lead[j].text
            used.add(j)
            j += 1
        short = len(words(text)) < 3
        if short and (
            text.rstrip().endswith((":", "："))
            or j < len(lead)
            and lead[j].text.lstrip()[:1] in (":", "：")
        ):
            tail, more = _plain_title(lead, j)
            if words(tail):
                return text + tail, used | more, [*_tags(lead[:i])]
        if not short or first_link is None:
            return text, used, _tags(lead[:i])
    if first_link is not None:
        before = plain([p for p in lead[:first_link] if not p.image])
        tags = _tags(lead[:first_link])
        stripped = clean_title(re.sub(r"[\[(（【][^\])）】]{0,60}[\])）】]", " ", before))[0]
        if len(words(stripped)) < 4:
            return lead[first_link].text, {first_link, *range(first_link)}, tags
    text, used = _plain_title(lead, 0)
    return text, used, None


def _tags(items: Sequence[Piece]) -> list[str]:
    text = plain([p for p in items if p.link is None])
    return [m[1] for m in re.finditer(_TAG, text)]


def _plain_title(lead: Sequence[Piece], start: int) -> tuple[str, set[int]]:
    """The text up to the first labelled link or line break."""
    text, used = "", set()
    for i in range(start, len(lead)):
        piece = lead[i]
        if piece.image:
            continue
        if piece.link is not None:
            if title_like(piece.text) and not piece.link.bare and not is_badge(piece):
                text += piece.text
                used.add(i)
                continue
            break
        if piece.is_break:
            if words(text):
                break
            continue
        if piece.bold and text.strip() and text.rstrip().endswith("|"):
            break
        text += piece.text
        used.add(i)
    return text.split(" | ")[0] if " | " in text else text, used


def _rest(lead: Sequence[Piece], used: set[int]) -> str:
    parts = []
    for i, piece in enumerate(lead):
        if piece.image:
            continue
        if i in used:
            parts.append(" | ")
        elif piece.link is not None:
            label = clean_label(piece.text)
            parts.append(f" | {label} | " if is_venue(label) else " | ")
        else:
            parts.append(" | " if piece.is_break else piece.text)
    return squeeze(_EMPTY_BRACKETS.sub(" | ", "".join(parts)))


def _take_line(result: Fields, line: Sequence[Piece], draft: Draft) -> None:
    text = squeeze(without_emoji(_rest(line, set()))).strip(" |-–—")
    text = re.sub(r"(?:\s*\|\s*)+", " | ", text)
    if not words(text):
        return
    match = _AUTHORS_LABEL.match(text)
    if match:
        result.authors = result.authors or match[1].strip(" .|")
        return
    match = _VENUE_LABEL.match(text)
    if match:
        _take_tag(result, match[1].strip(" .|"))
        return
    match = _NOTE_LABEL.match(text)
    if match:
        if words(match[1]):
            result.notes.append(match[1].strip(" |"))
        return
    head = re.split(r"[:：]", text, maxsplit=1)[0]
    role = label_role(re.sub(r"[（(|].*", "", head).strip(" []()|"))
    if role is not None and (external(line) or head != text):
        result.paper_label |= role == "paper"
        if external(line) or len(words(text)) <= 4:
            return
    reference = read_reference(text)
    if reference.title and _better_title(result.title, reference):
        result.title = reference.title
        result.take(reference)
        return
    if reference.title:
        if reference.authors or reference.venue:
            result.take(reference, note=False)
            return
        result.notes.append(text)
        return
    result.take(reference)


def _better_title(title: str, reference: Reference) -> bool:
    """Whether a nested reference holds the full title of an entry that only names its method."""
    assert reference.title is not None
    count = len(words(reference.title))
    if count < 3 or not (reference.authors or reference.venue):
        return False
    return not title or len(words(title)) <= 5 and count > len(words(title))
