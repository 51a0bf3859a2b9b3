"""Venues and years as lists write them: `CVPR2019`, `ICLR' 14`, `[NeurIPS 2020 Spotlight]`."""

from __future__ import annotations

import re
from functools import lru_cache

_NAMES = (
    "CVPR|CVPRW|ICCV|ICCVW|ECCV|ECCVW|WACV|BMVC|ACCV|NeurIPS|NeurIPSW|NIPS|NIPSW|ICML|ICMLW|ICLR|"
    "ICLRW|AAAI|IJCAI|ACL|EMNLP|NAACL|EACL|AACL|TACL|COLING|CoNLL|LREC|SIGIR|SIGKDD|KDD|WWW|"
    "TheWebConf|WSDM|CIKM|ICDM|ECML|PKDD|ECML[- ]?PKDD|ECIR|RecSys|SIGMOD|VLDB|ICDE|UAI|AISTATS|"
    "COLT|ALT|ACML|PAKDD|SDM|ICRA|IROS|RSS|CoRL|ICASSP|Interspeech|INTERSPEECH|ISMIR|MICCAI|MIDL|"
    "ISBI|IPMI|SIGGRAPH(?: Asia)?|3DV|ICIP|ICPR|ICME|FG|ICMI|CHI|UIST|ACM ?MM|MM|ACM ?Multimedia|"
    "ICMR|MMM|TPAMI|PAMI|IJCV|TIP|TMM|TNNLS|TKDE|TOIS|TOG|CGF|TVCG|TCSVT|TCYB|TMI|MedIA|JMLR|TMLR|"
    "JAIR|PNAS|NSR|RA-?L|TRO|T-RO|TIST|TKDD|DMKD|DSAA|ASONAM|ICANN|IJCNN|ESANN|ECAI|AAMAS|ICAPS|"
    "ICCP|ICCC|SLT|ASRU|TASLP|[aA][rR][xX][iI][vV]|[bB]io[rR][xX]iv|medRxiv|[tT]echRxiv|SSRN|CoRR|"
    "OpenReview|PMLR|Nature|Science|Cell|ICSE|FSE|ASE|ISSTA|USENIX(?: Security)?|NDSS|CCS|S&P|OSDI|"
    "SOSP|MLSys|ISCA|MICRO|HPCA|ASPLOS|SODA|STOC|FOCS|LoG|COLM|DAC|ICCAD|FAccT|AIES|JCDL|IUI|CSCW|"
    "HRI|TBD|TNSE|TSP|TVT|PR|PRL|CVIU|BIBM|ISWC|ESWC|LAK|EDM|AIED|IJCNLP(?:-AACL)?|SemEval|"
    "ACL Findings|WMT|SIGDIAL|INLG"
)
_WORDS = (
    r"Transactions|Trans[.\u2024]|Journal|Proceedings|Proc[.\u2024]|Conference|Conf[.\u2024]|Workshops?|Symposium|"
    r"Magazine|Letters|Annals|Bulletin|Advances in|Findings|Review of|International|preprint|"
    r"Lecture Notes|Technical Report|Tech\. ?Report|Neural Computation|Neural Networks|"
    r"Pattern Recognition|Machine Learning|Artificial Intelligence|Bioinformatics|Neurocomputing|"
    r"Frontiers|PLoS|PLOS|IEEE|ACM|Springer|Elsevier|Thesis|University|Press|Scientific Reports|"
    r"Revista|Revue|Actes|Congreso|Conf[ée]rence|Zeitschrift|Tagungsband|Konferenz"
)
# Names of journals and meetings in Chinese and Japanese end in the word for them.
_CJK_VENUE = (
    r"[\u3040-\u30ff\u4e00-\u9fff・]{2,20}"
    r"(?:学报|學報|期刊|杂志|学刊|会议|论文集|論文誌|論文集|学会誌|研讨会|大会|研究会|シンポジウム)"
)
_YEAR = r"(?:19[5-9]|20[0-4])\d"
YEAR = re.compile(rf"(?<![\d./:])(?<!\d-){_YEAR}(?![\d]|\.\d)")
_WHEN = rf"(?:\s?['’`‘]\s?\d\d|[\s,\-_:]{{0,2}}{_YEAR}|[\s\-]?\d\d)?(?![A-Za-z0-9])"
_FIRST = re.compile(r"\[(..)\]|(.)")


def _alternatives(names: str, bound: str, tail: str) -> str:
    """The names grouped by their first letter, `bound` before them and `tail` behind.

    An alternative that begins with a letter lets `re` skip every place where none can begin; a
    look-behind in front of all of them would be tried at every character of every line.
    """
    groups: dict[str, list[str]] = {}
    for name in re.split(r"\|(?![^(]*\))", names):
        first = _FIRST.match(name)
        assert first is not None
        for letter in first[1] or first[2]:
            groups.setdefault(letter, []).append(name[first.end() :])
    return "|".join(
        rf"{letter}(?<!{bound}{letter})(?:{'|'.join(rest)}){tail}"
        for letter, rest in groups.items()
    )


_KNOWN = _alternatives(_NAMES, "[A-Za-z0-9]", _WHEN)
VENUE = re.compile(_KNOWN)
# Words that only make a venue where a venue is expected: they stand in titles too.
VENUE_LOOSE = re.compile(
    f"{_KNOWN}|{_alternatives(_WORDS, '[A-Za-z]', '(?![A-Za-z])')}|{_CJK_VENUE}(?![\u4e00-\u9fff])"
)
_GLUED_YEAR = re.compile(rf"[A-Za-z]({_YEAR})(?!\d)")
_QUOTED_YEAR = re.compile(r"(?:^|[A-Za-z])\s?['’`‘](\d\d)(?!\w)")
_SHORT_YEAR = re.compile(rf"(?:{_NAMES})\s?['’`‘\-]?\s?(\d\d)(?!\d)")
# `MDM-18`: a name of capitals that no table knows, and the year.
_NAMED_YEAR = re.compile(r"[A-Z][A-Za-z&]{1,12}\s?[-'’`‘]\s?((?:9|0|1|2)\d)")
_TRIMMINGS = re.compile(
    r"\b(?:oral|spotlight|poster|highlight|workshops?|findings|preprint|best|paper|award|long|"
    r"short|demo|track|under|review|submitted|to|accepted|by|at|in|and|asia|main)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_CAPITALS_AND_YEAR = re.compile(
    rf"(?:[A-Z][A-Za-z&/\-.]{{1,24}}[ ,]*){{1,4}}['’`‘]?\s?(?:{_YEAR}|(?<=['’`‘])\d\d)"
    r"(?:\s*[\-,]?\s*(?:oral|spotlight|poster|highlight|workshops?|findings))?",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[.\u2024]?"
)
_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}(?:\s*\d{{1,2}}(?:st|nd|rd|th)?)?[\s,\-]*({_YEAR})|"
    rf"({_YEAR})\s*[./\-年]\s*(?:\d{{1,2}}|{_MONTH})月?(?:\s*[./\-]?\s*\d{{1,2}}日?)?|"
    rf"\d{{1,2}}[./\-]({_YEAR})",
    re.IGNORECASE,
)
# `arXiv 2023.05`; `arXiv 2009.09774` is an identifier.
PREPRINT_DATE = re.compile(
    r"(?:arxiv|biorxiv|medrxiv)\s*[,:]?\s*(20[0-4]\d)[./-](?:0?[1-9]|1[0-2])(?!\d)", re.IGNORECASE
)
# A year stands at the end of a box that names a venue no table knows: `MDM 2022`, `CHEOPS '22`.
_DATED_BOX = re.compile(
    rf"(?=[^A-Z]*[A-Z])(?:[^\W_][^,;:]{{1,46}}[^\d\s,;:],?\s*(?:{_YEAR}|['’`‘]\d\d)|[A-Z]{{3,9}}\s?\d\d)"
)
# What stands before a venue: `In: Proceedings of …`, `to appear in`.
IN_VENUE = re.compile(
    r"^(?:in|at|im|en|dans|to appear (?:in|at)|published in|accepted (?:at|by|in|to))"
    r"(?::\s*|\s+)(?=(?-i:[A-Z\d\u4e00-\u9fff]))",
    re.IGNORECASE,
)
_LONGEST_KNOWN = 120  # characters: longer texts are titles or notes
_LONGEST = 48  # characters of a venue in brackets that is not known by name


@lru_cache(maxsize=8192)
def is_venue(text: str) -> bool:
    """Whether a text is a venue and perhaps a year, and nothing else."""
    if len(text) > _LONGEST_KNOWN:
        return False
    rest = VENUE.sub("", text, count=2)
    return rest != text and not _LETTER.search(_TRIMMINGS.sub("", YEAR.sub("", rest)))


@lru_cache(maxsize=8192)
def is_bracket_venue(text: str) -> bool:
    """Whether a text set in brackets is a venue: known, or capitals followed by a year."""
    text = text.strip()
    if is_short_venue(text):
        return True
    return bool(YEAR.search(text) and VENUE_LOOSE.match(text)) and len(text.split()) <= 10


@lru_cache(maxsize=8192)
def is_short_venue(text: str) -> bool:
    """Whether a text is a venue: known by name, or capitals followed by a year."""
    if is_venue(text):
        return True
    short = len(text) <= _LONGEST and text[:2].isupper()
    return short and bool(_CAPITALS_AND_YEAR.fullmatch(text))


@lru_cache(maxsize=8192)
def date_year(text: str) -> int | None:
    """The year of a text that is a date: `2023/04`, `Nov 2024`, `March 27, 2026`, `2023.11`."""
    match = _DATE.fullmatch(text.strip())
    return int(match[1] or match[2] or match[3]) if match else None


@lru_cache(maxsize=8192)
def is_dated_box(text: str) -> bool:
    """Whether a text in brackets behind a title says where and when, by any name: `MDM 2022`."""
    text = text.strip()
    return len(text.split()) <= 7 and bool(_DATED_BOX.fullmatch(text))


def year_in(text: str) -> int | None:
    """The year a venue names: `CVPR 2019`, `CVPR2019`, `ICLR' 14`; the last one wins."""
    if not _DIGIT.search(text):
        return None
    preprint = PREPRINT_DATE.search(text)
    if preprint:
        return int(preprint[1])
    found = YEAR.findall(text) or _GLUED_YEAR.findall(text)
    if found:
        return int(found[-1])
    short = (
        _SHORT_YEAR.search(text) or _QUOTED_YEAR.search(text) or _NAMED_YEAR.fullmatch(text.strip())
    )
    if short:
        number = int(short[1])
        return 2000 + number if number < 50 else 1900 + number
    return None
