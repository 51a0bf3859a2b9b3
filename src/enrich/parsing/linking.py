"""The links of an entry: their labels cleaned, their roles from label, label before, address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from enrich.papers.identifiers import link_key, names_paper
from enrich.parsing.document import Piece
from enrich.parsing.inline import squeeze, without_emoji
from enrich.parsing.labels import label_role
from enrich.records import Link, Role

_BY_ADDRESS: tuple[tuple[str, Role], ...] = (
    (r"\.pdf(?:$|[?#])", "paper"),
    (r"github\.com|gitlab\.|bitbucket\.org|sourceforge\.net|codeocean|gist\.github", "code"),
    (r"youtube\.com|youtu\.be|vimeo\.com|bilibili|videolectures", "video"),
    (
        r"medium\.com|/blog|blog\.|\bblogspot|towardsdatascience|zhihu\.com|jianshu|csdn\.net|"
        r"googleblog",
        "post",
    ),
    (r"slideshare|speakerdeck|\.pptx?$", "slides"),
    (r"kaggle\.com/(?:c|datasets)|huggingface\.co/datasets|/datasets?/", "dataset"),
    (
        r"ieeexplore|dl\.acm\.org|sciencedirect|link\.springer|jmlr\.org/papers|"
        r"ijcai\.org/proceedings|papers\.nips|proceedings\.(?:neurips|mlr)|ecva\.net/papers|"
        r"thecvf\.com/content|aaai\.org|isca-speech|onlinelibrary|tandfonline|semanticscholar",
        "paper",
    ),
    (r"\.github\.io|sites\.google\.com", "project"),
)
_HOSTS = tuple((re.compile(pattern, re.IGNORECASE), role) for pattern, role in _BY_ADDRESS)
_LABEL_BEFORE = re.compile(r"([^\s:：|,;()\[\]][^:：|,;()\[\]]{0,40}?)\s*[:：]\s*[\[(（*]*\s*$")
_IN_PARENTHESES = re.compile(r"[（(].*$")
_LETTER = re.compile(r"[^\W\d_]")
_VAGUE = frozenset({"link", "url", "here", "download", "source", "image"})
_BEFORE = 80  # characters before a link in which its label can stand


@lru_cache(maxsize=1 << 15)
def url_role(url: str) -> Role:
    """The role an address suggests by itself."""
    if names_paper(url):
        return "paper"
    if link_key(url):
        return "dataset"
    return next((role for pattern, role in _HOSTS if pattern.search(url)), "other")


@lru_cache(maxsize=8192)
def clean_label(text: str) -> str:
    """A link's label without brackets, emphasis and pictograms."""
    bare = squeeze(without_emoji(text))
    while len(bare) > 1 and bare[0] in "[(【" and bare[-1] in "])】":
        bare = bare[1:-1].strip()
    return bare.strip("*_` ") or squeeze(text)


def read_links(items: Sequence[Piece]) -> list[Link]:
    """The links of one line with their roles; a label may stand before several (`Code: …, …`)."""
    result: list[Link] = []
    before = carried = ""
    for piece in items:
        if piece.link is None:
            if piece.is_break:
                before = carried = ""
            elif not piece.image:
                before = (before + piece.text)[-_BEFORE:]
                if before.strip(" \n,;/&|"):
                    carried = ""
            continue
        colon = ":" in before or "：" in before
        match = _LABEL_BEFORE.search(squeeze(without_emoji(before))) if colon else None
        named = _IN_PARENTHESES.sub("", match[1].strip("*_ ")).strip() if match else carried
        if piece.link.url:
            result.append(_link(piece, named))
        before, carried = "", named
    return result


def _link(piece: Piece, named: str) -> Link:
    assert piece.link is not None
    url, by_address = piece.link.url, url_role(piece.link.url)
    role: Role | None = None
    label = named or url if piece.link.bare else clean_label(piece.text)
    if not piece.link.bare or named:
        role = label_role(label)
    if named and role in (None, "other") and label_role(named) not in (None, "other"):
        role = label_role(named)
    if role is None or (role == "other" and (label.lower() in _VAGUE or not _LETTER.search(label))):
        role = by_address
    return Link(label, url, role, piece.link.line)
