"""Read the links of an entry: labels cleaned, roles from address, label and the label before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from enrich.papers.identifiers import is_supplement, names_data, names_paper
from enrich.papers.identifiers.addresses import REMEMBERED, of_host, split_address
from enrich.parsing.document import Piece
from enrich.parsing.inline import squeeze, without_emoji
from enrich.parsing.labels import label_role
from enrich.records import Link, Role

# What a site holds, by its domain; a site that holds several things stands under `_PATHS`.
_HOSTS: dict[str, Role] = {
    "github.com": "code", "gitlab.com": "code", "bitbucket.org": "code", "gitee.com": "code",
    "sourceforge.net": "code", "codeocean.com": "code", "gist.github.com": "code",
    "colab.research.google.com": "code", "code.google.com": "code", "codeberg.org": "code",
    "pypi.org": "code", "cran.r-project.org": "code", "mloss.org": "code",
    "youtube.com": "video", "youtu.be": "video", "vimeo.com": "video", "bilibili.com": "video",
    "videolectures.net": "video", "slideslive.com": "video", "techtalks.tv": "video",
    "medium.com": "post", "towardsdatascience.com": "post", "zhihu.com": "post",
    "jianshu.com": "post", "csdn.net": "post", "googleblog.com": "post", "blogspot.com": "post",
    "substack.com": "post", "wordpress.com": "post", "mp.weixin.qq.com": "post",
    "cnblogs.com": "post", "juejin.cn": "post", "hackernoon.com": "post", "dev.to": "post",
    "slideshare.net": "slides", "speakerdeck.com": "slides",
    "github.io": "project", "gitlab.io": "project", "sites.google.com": "project",
}  # fmt: skip
_PATHS: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"\.(?:pdf|ps)(?:\.gz)?$", re.IGNORECASE), "paper"),
    (re.compile(r"\.(?:pptx?|key)$", re.IGNORECASE), "slides"),
    (re.compile(r"\.(?:mp4|avi|mov|webm)$", re.IGNORECASE), "video"),
)
_DATA_PATH = re.compile(r"/datasets?(?:/|$)|^/c/", re.IGNORECASE)
_BLOG = re.compile(r"^(?:blogs?|[\w\-]*blog)\.|/blogs?(?:/|$)", re.IGNORECASE)
_DATA_HOSTS = {"huggingface.co": True, "hf.co": True, "kaggle.com": True}
# Sites on which every address is of one kind, whatever a label says: films and talks.
_PROVEN = frozenset({"video"})
_LABEL_BEFORE = re.compile(r"([^\s:：|,;()\[\]][^:：|,;()\[\]]{0,40}?)\s*[:：]\s*[\[(（*]*\s*$")
_IN_PARENTHESES = re.compile(r"[（(].*$")
_LETTER = re.compile(r"[^\W\d_]")
_VAGUE = frozenset({"link", "url", "here", "download", "source", "image"})
_BEFORE = 80  # characters before a link in which its label can stand


@lru_cache(maxsize=REMEMBERED)
def url_role(url: str) -> Role:
    """The role that an address suggests by itself."""
    address = split_address(url)
    if address is None or is_supplement(url):
        return "other"
    if names_data(url):
        return "dataset"
    if names_paper(url):
        return "paper"
    found = next((role for pattern, role in _PATHS if pattern.search(address.path)), None)
    if found is None and _DATA_PATH.search(address.path):
        found = "dataset" if of_host(address.host, _DATA_HOSTS) or "/dataset" in url else None
    if found is None:
        found = of_host(address.host, _HOSTS)
    if found is None and _BLOG.search(f"{address.host}{address.path}"):
        found = "post"
    return found or "other"


@lru_cache(maxsize=REMEMBERED)
def proven_role(url: str) -> Role | None:
    """The role that an address proves, whatever its label says; None where it proves none."""
    if names_data(url):
        return "dataset"
    if names_paper(url):
        return "paper"
    address = split_address(url)
    return of_host(address.host, _HOSTS) if address and url_role(url) in _PROVEN else None


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
    url = piece.link.url
    label = named or url if piece.link.bare else clean_label(piece.text)
    role = proven_role(url) or _labelled_role(piece, label, named) or url_role(url)
    return Link(label, url, role, piece.link.line)


def _labelled_role(piece: Piece, label: str, named: str) -> Role | None:
    """The role that a link's label names, or the label before it; None where they are vague."""
    assert piece.link is not None
    role = label_role(label) if named or not piece.link.bare else None
    if named and role in (None, "other") and label_role(named) not in (None, "other"):
        role = label_role(named)
    vague = role == "other" and (label.lower() in _VAGUE or not _LETTER.search(label))
    return None if vague else role
