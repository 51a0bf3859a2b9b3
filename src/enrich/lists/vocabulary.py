"""The words lists use: labels of links, venues, headings that hold no entries."""

from __future__ import annotations

import re
from functools import lru_cache

from enrich.records import Role

# Label word -> role. The first word of a label that stands here decides.
ROLE_WORDS: dict[str, Role] = {
    **dict.fromkeys(
        ["paper", "papers", "pdf", "arxiv", "abs", "abstract", "preprint", "thesis", "publication", "article", "openreview", "doi", "acm", "ieee", "springer", "eprint", "biorxiv", "html", "ps", "cvf", "pmlr", "ecva", "manuscript", "论文", "文章", "原文", "論文", "논문"],
        "paper",
    ),
    **dict.fromkeys(
        ["code", "codes", "github", "git", "gitlab", "implementation", "implementations", "repo", "repository", "source", "torch", "pytorch", "tensorflow", "tf", "keras", "caffe", "caffe2", "matlab", "mxnet", "jax", "paddle", "python", "reference", "software", "library", "toolbox", "toolkit", "colab", "notebook", "c", "c++", "java", "julia", "chainer", "theano", "lua", "r", "代码", "代碼", "源码", "开源", "开源代码", "코드"],
        "code",
    ),
    **dict.fromkeys(
        ["project", "website", "web", "site", "page", "homepage", "home", "webpage", "demo", "leaderboard", "主页", "项目", "项目主页", "官网"],
        "project",
    ),
    **dict.fromkeys(["dataset", "datasets", "data", "benchmark", "数据集", "数据"], "dataset"),
    **dict.fromkeys(["blog", "post", "medium", "news", "tutorial", "博客", "解读", "中文解读"], "post"),
    **dict.fromkeys(["video", "videos", "youtube", "talk", "lecture", "bilibili", "presentation", "视频"], "video"),
    **dict.fromkeys(["slides", "slide", "ppt", "pptx", "keynote", "poster"], "slides"),
    **dict.fromkeys(
        ["bib", "bibtex", "bibtext", "cite", "citation", "supp", "supplement", "supplementary", "supplemental", "appendix", "model", "models", "weights", "checkpoint", "checkpoints", "download", "link", "links", "url", "huggingface", "hf", "api", "app", "review", "reviews", "comment", "comments", "results", "here", "twitter", "tweet", "x", "discussion", "docs", "doc", "documentation", "wiki", "pretrained", "material", "materials", "space", "spaces", "链接", "补充材料"],
        "other",
    ),
}  # fmt: skip
# Words a label may hold beside those without becoming a title.
_FILLERS = frozenset(
    [
        "official",
        "unofficial",
        "the",
        "a",
        "another",
        "other",
        "by",
        "author",
        "authors",
        "first",
        "second",
        "in",
        "on",
        "of",
        "and",
        "for",
        "with",
        "version",
        "v1",
        "v2",
        "v3",
        "v4",
        "cpu",
        "gpu",
        "full",
        "short",
        "extended",
        "long",
        "journal",
        "conference",
        "workshop",
        "new",
        "old",
        "original",
        "our",
        "my",
        "this",
        "also",
        "see",
        "more",
        "main",
        "final",
        "ver",
        "re",
        "our",
        "local",
        "open",
        "based",
        "code-torch",
        "online",
        "offline",
        "interactive",
        "live",
        "coming",
        "soon",
        "train",
        "training",
        "test",
        "inference",
        "en",
        "cn",
        "eng",
        "zh",
        "english",
        "chinese",
        "japanese",
        "mirror",
        "backup",
        "google",
        "drive",
        "baidu",
    ]
)
# What may stand before a colon on a line about an entry, beside the labels of links.
FIELD_WORDS = frozenset(
    [
        "Author",
        "Authors",
        "Venue",
        "Keyword",
        "Keywords",
        "Summary",
        "Note",
        "Notes",
        "Abstract",
        "Publisher",
        "Year",
        "Date",
        "Task",
        "Tasks",
        "Comment",
        "Comments",
        "Highlight",
        "Highlights",
        "TL;DR",
        "TLDR",
        "Conference",
        "Journal",
        "Institution",
        "Affiliation",
        "author",
        "authors",
        "keyword",
        "keywords",
        "venue",
        "year",
        "date",
        "summary",
        "note",
        "notes",
        "作者",
        "单位",
        "作者单位",
        "备注",
        "关键词",
        "会议",
        "期刊",
        "简介",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:\+\+)?|\+\+", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_VENUE_NAMES = (
    "CVPR|CVPRW|ICCV|ICCVW|ECCV|ECCVW|WACV|BMVC|ACCV|NeurIPS|NIPS|ICML|ICMLW|ICLR|ICLRW|AAAI|"
    "IJCAI|ACL|EMNLP|NAACL|EACL|AACL|TACL|COLING|CoNLL|LREC|SIGIR|SIGKDD|KDD|WWW|TheWebConf|WSDM|"
    "CIKM|ICDM|ECML|PKDD|ECML[- ]?PKDD|ECIR|RecSys|SIGMOD|VLDB|ICDE|UAI|AISTATS|COLT|ALT|ACML|"
    "PAKDD|SDM|ICRA|IROS|RSS|CoRL|ICASSP|Interspeech|ISMIR|MICCAI|MIDL|ISBI|IPMI|SIGGRAPH(?: Asia)?|"
    "3DV|ICIP|ICPR|ICME|FG|ICMI|CHI|UIST|ACM ?MM|MM|ACM ?Multimedia|ICMR|MMM|TPAMI|PAMI|IJCV|TIP|"
    "TMM|TNNLS|TKDE|TOIS|TOG|CGF|TVCG|TCSVT|TCYB|TMI|MedIA|JMLR|TMLR|JAIR|PNAS|NSR|RA-?L|TRO|T-RO|"
    "TIST|TKDD|DMKD|DSAA|ASONAM|ICANN|IJCNN|ESANN|ECAI|AAMAS|ICAPS|ICCP|ICCC|SLT|ASRU|TASLP|"
    "[aA][rR][xX][iI][vV]|[bB]io[rR][xX]iv|medRxiv|[tT]echRxiv|SSRN|CoRR|OpenReview|PMLR|Nature|Science|Cell|"
    "ICSE|FSE|ASE|ISSTA|USENIX(?: Security)?|NDSS|CCS|S&P|OSDI|SOSP|MLSys|ISCA|MICRO|HPCA|ASPLOS|"
    "SODA|STOC|FOCS|LoG|COLM|DAC|ICCAD|FAccT|AIES|JCDL|IUI|CSCW|HRI|TBD|TNSE|TSP|TVT|PR|PRL|CVIU|"
    "BIBM|ISWC|ESWC|LAK|EDM|AIED|IJCNLP(?:-AACL)?|SemEval|ACL Findings|WMT|SIGDIAL|INLG"
)
_VENUE_WORDS = (
    r"Transactions|Trans\.|Journal|Proceedings|Proc\.|Conference|Conf\.|Workshops?|Symposium|"
    r"Magazine|Letters|Annals|Bulletin|Advances in|Findings|Review of|International|preprint|"
    r"Lecture Notes|Technical Report|Tech\. ?Report|Neural Computation|Neural Networks|"
    r"Pattern Recognition|Machine Learning|Artificial Intelligence|Bioinformatics|Neurocomputing|"
    r"Frontiers|PLoS|PLOS|IEEE|ACM|Springer|Elsevier|Thesis|University|Press|Scientific Reports"
)
YEAR = re.compile(r"(?<![\d./:])(?<!\d-)(?:19[5-9]\d|20[0-4]\d)(?![\d]|\.\d)")
_SHORT_YEAR = r"\s?['’`‘]\s?\d\d"
VENUE = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_VENUE_NAMES})(?:{_SHORT_YEAR}|[\s,\-_:]{{0,2}}(?:19[5-9]\d|20[0-4]\d)|"
    rf"[\s\-]?\d\d)?(?![A-Za-z0-9])"
)
VENUE_LOOSE = re.compile(rf"{VENUE.pattern}|(?<![A-Za-z])(?:{_VENUE_WORDS})(?![A-Za-z])")
_GLUED_YEAR = re.compile(r"[A-Za-z]((?:19[5-9]|20[0-4])\d)(?!\d)")
_SHORT_YEAR_VENUE = re.compile(rf"(?:{_VENUE_NAMES})\s?['’`‘]?\s?(\d\d)(?!\d)")

# Headings under which bullets and links are about the list itself.
_ADMIN = re.compile(
    r"^(?:table of )?contents?(?: list)?$|^content$|^toc$|^index$|^目录$|^(?:latest |recent )?(?:news|"
    r"updates?|change ?logs?|announcements?)\b|^to[ -]?do\b|^contribut|^how to contribute|^licen[cs]e|"
    r"^acknowledge?ments?|^citations?$|^citing|^cite\b|^how to cite|^bibtex$|^contact|^star(?:s| history)|"
    r"^star-?gazers|^about(?: me| us| the| this)?$|^maintainers?|^sponsors?|^shar(?:e|ing)$|^support\b|^feedback|"
    r"^disclaimer|^statistics$|^legend$|^format\b|^guidelines?|^description$|^introduction$|"
    r"^catalogue$|^目錄$|^引用|^贡献|^更新|^致谢|^联系|^交流群",
    re.IGNORECASE,
)


_CONTENTS = re.compile(
    r"^(?:table of )?contents?(?: list)?$|^toc$|^index$|^catalogue$|^目[录錄]$", re.IGNORECASE
)


def is_contents(heading: str) -> bool:
    """Whether a heading announces the list's table of contents."""
    return bool(_CONTENTS.search(re.sub(r"^[\W\d_]+|[\W_]+$", "", heading)))


def is_admin(heading: str) -> bool:
    """Whether a heading announces text about the list (contents, news, licence), not entries."""
    return bool(_ADMIN.search(re.sub(r"^[\W\d_]+|[\W_]+$", "", heading)))


@lru_cache(maxsize=8192)
def label_role(label: str) -> Role | None:
    """The role a link's label names, or None when the label is no label but a name or a title."""
    words = _WORD.findall(label.lower())
    if not words:
        return "other"
    if label.isascii() and is_bracket_venue(label.strip("[]() ")):
        return "paper"
    if len(words) > 8:
        return None
    role: Role | None = None
    for word in words:
        found = ROLE_WORDS.get(word)
        if found is None and word.endswith("s"):
            found = ROLE_WORDS.get(word[:-1])
        if found is not None:
            role = found if role is None or role == "other" else role
        elif word not in _FILLERS and not word.isdigit() and not is_venue(word):
            stripped = label.strip()
            bracketed = stripped.startswith("[") and stripped.endswith("]")
            if _CJK.search(word) and len(words) <= 2:
                for known in ("论文", "代码", "主页", "数据集", "解读", "视频"):
                    if known in word:
                        return ROLE_WORDS[known]
            if not (bracketed and len(words) <= 3):
                return None
    if role is None and is_bracket_venue(label.strip("[]() ")):
        return "paper"
    if role is None and label.strip().startswith("["):
        return "other"
    return role


@lru_cache(maxsize=8192)
def is_venue(text: str) -> bool:
    """Whether a text is a venue and perhaps a year, and nothing else."""
    rest = VENUE.sub("", text, count=2)
    if rest == text:
        return False
    rest = YEAR.sub("", rest)
    rest = re.sub(
        r"\b(?:oral|spotlight|poster|highlight|workshops?|findings|preprint|best|paper|award|long|"
        r"short|demo|track|under|review|submitted|to|accepted|by|at|in|and|asia|main)\b",
        "",
        rest,
        flags=re.IGNORECASE,
    )
    return not re.search(r"[^\W\d_]", rest)


_BRACKET_VENUE = re.compile(
    r"(?:[A-Z][A-Za-z&/\-.]{1,24}[ ,]*){1,4}['’`‘]?\s?(?:(?:19[5-9]|20[0-4])\d|(?<=['’`‘])\d\d)"
    r"(?:\s*[\-,]?\s*(?:oral|spotlight|poster|highlight|workshops?|findings))?",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def is_bracket_venue(text: str) -> bool:
    """Whether a text set in brackets is a venue: known, or capitals followed by a year."""
    text = text.strip()
    if is_venue(text):
        return True
    if YEAR.search(text) and VENUE_LOOSE.match(text) and len(text.split()) <= 10:
        return True
    return len(text) <= 48 and text[:2].isupper() and bool(_BRACKET_VENUE.fullmatch(text))


def year_in(text: str) -> int | None:
    """The year a venue names: `CVPR 2019`, `CVPR2019`, `ICLR' 14`; the last one wins."""
    found = YEAR.findall(text) or _GLUED_YEAR.findall(text)
    if found:
        return int(found[-1])
    short = _SHORT_YEAR_VENUE.search(text)
    if short:
        number = int(short[1])
        return 2000 + number if number < 50 else 1900 + number
    return None
