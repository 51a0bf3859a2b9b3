"""Runs of authors in running text: where they begin and end, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from enrich.parsing.inline import squeeze

# Between the last two names, in the languages that lists are written in.
AND = r"(?:&|(?<!\S)(?:and|und|et(?![. ]+al\b)|y|e|og|och|и)(?!\S))"
_STOP = r"[.\u2024]"
# The first letters stand in a class of their own: a search for one of them is several times faster.
ET_AL = re.compile(
    rf"[eEuUayи等ら외](?:(?<=\b[eE])[tT][. ]+(?:[aA][lL]|coll?)\b{_STOP}?|"
    rf"(?<=\b[uU]){_STOP} ?a{_STOP}|(?<=\b[ua])nd others\b|(?<=\by) otros\b|"
    rf"(?<=\be) (?:altri|outros)\b|(?<=\bи) др\b{_STOP}?|(?<=[等ら외])$)"
)
SEPARATED = re.compile(rf"[,;，；、]|{AND}|\b[Ee]t[. ]+al\b")
_SEPARATOR = re.compile(rf"[,;，；、]|{AND}")
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "in",
        "on",
        "with",
        "to",
        "from",
        "by",
        "via",
        "and",
        "or",
        "is",
        "are",
        "at",
        "as",
        "using",
        "towards",
        "toward",
        "into",
        "over",
        "under",
        "through",
        "without",
        "between",
        "beyond",
        "how",
        "what",
        "why",
        "when",
        "can",
        "do",
        "does",
        "not",
        "it",
        "its",
        "we",
        "you",
        "your",
    ]
)
# Words in small letters that stand between names.
_BETWEEN_NAMES = frozenset(["and", "und", "et", "al", "y", "e", "i", "och", "og", "others"])
_PARTICLES = frozenset(
    [
        "de",
        "la",
        "van",
        "der",
        "den",
        "von",
        "di",
        "da",
        "del",
        "dos",
        "le",
        "bin",
        "ben",
        "al",
        "el",
        "ten",
        "ter",
        "du",
        "af",
    ]
)
_NAME_WORD = re.compile(r"(?:[^\W\d_a-z]\.?-?)+[^\W\d_]*(?:['’\-‐][^\W\d_]+)*\.?[*†‡∗]*\d?$")
# Words of titles and of institutions that are no one's name.
_TITLE_WORD = re.compile(
    r"\b(?:Deep|Learning|Learn|Neural|Networks?|Nets?|Images?|Visual|Vision|Actions?|Detection|"
    r"Recognition|Videos?|Models?|Modeling|Analogy|Fast|Faster|R-CNN|CNNs?|Segmentation|Language|"
    r"Objects?|Attention|Transformers?|Generation|Generative|Representations?|Understanding|"
    r"Retrieval|Classification|Estimation|Prediction|Tracking|Graphs?|Memory|Machine|Translation|"
    r"Text|Speech|Audio|Multimodal|Data|Datasets?|Benchmark|Survey|Review|Analysis|Systems?|"
    r"Framework|Methods?|Optimization|Adversarial|Reinforcement|Polic(?:y|ies)|Robots?|Autonomous|"
    r"Semantic|Scene|Human|Pose|Face|Style|Transfer|Domain|Adaptation|Self-Supervised|"
    r"Unsupervised|Supervised|Weakly|Efficient|Scalable|Towards?|Beyond|Finding|Making|Using|Via|"
    r"Embeddings?|Clustering|Outlier|Anomaly|Editing|Synthesis|Reasoning|Knowledge|Question|"
    r"Answering|Dialog(?:ue)?|Report|Technical|Project|Version|Equal|Contribution|Group|Team|"
    r"Research|University|Institute|Laboratory|Google|Microsoft|Facebook|OpenAI|DeepMind|Stanford|"
    r"NVIDIA|Workshop|Conference|Library|Toolkit|Toolbox|Code|Paper|Tutorial|Implementation|"
    r"Official|PyTorch|TensorFlow)\b"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Han and Hangul names have two to four characters; foreign ones in kana have a dot inside.
_CJK_NAME = re.compile(
    r"[\u4e00-\u9fff\uac00-\ud7af]{2,4}|[\u30a0-\u30ff]{1,12}[・·][\u30a0-\u30ff]{1,12}"
)
_MARKS = re.compile(r"\s*[*†‡∗]+\s*(?=,|$)|[*†‡∗]")
_AFFILIATION = re.compile(r"\([^)\d]{0,40}\)|[*†‡∗]")
_UPPER = "A-Z\u00c0-\u00de\u0391-\u03a9\u0401\u0410-\u042f"  # Latin, Greek and Cyrillic capitals
_INITIAL_AT_END = re.compile(rf"\b[{_UPPER}]\.$")
_INITIAL = re.compile(rf"\b[{_UPPER}]\. ?[^\W\d_]{{2}}|,\s*[{_UPPER}]\.|\s[{_UPPER}]\.,?$")
# Full stops that end no sentence; they are hidden behind another dot while a text is cut at stops.
_ABBREVIATED = re.compile(
    rf"(?<![^\W_])(?:u\. ?a|[{_UPPER}]|[A-Z][a-z]?(?=\.-?[A-Z]\.)|al|vs|Jr|Sr|St|Dr|Prof|Proc|"
    r"Conf|Trans|Int|"
    r"Symp|Vol|vol|No|no|pp|Rev|Mag|Ind|Informat|Comput|Lett|Syst|Sci|Adv|Eng|Univ|Tech|Appl|Mach|"
    rf"Intell|Ch|Yu|Th|Ph|cf|Eds?|eds?)\.(?=[\s\-,:;){_UPPER}])"
)
_HIDDEN_STOP = "\u2024"
_PART = re.compile(rf"\s*({AND}\s+)?([^,;]+?)(?:\s+{AND}\s+([^,;.]+?))?\s*([,;]|\.(?=\s|$)|$)")
_SENTENCE = re.compile(r"(.+?[^A-Z])\.\s+\S")
_NAME_LENGTH = 45
_RUN_LENGTH = 120  # characters before `et al.` that can still be names


def hide_stops(text: str) -> str:
    """The text with the stops of initials and abbreviations hidden from sentence cutting."""
    if "." not in text:
        return text
    return _ABBREVIATED.sub(lambda m: m.group().replace(".", _HIDDEN_STOP), text)


def show_stops(text: str) -> str:
    """The reverse of `hide_stops`."""
    return text.replace(_HIDDEN_STOP, ".")


@lru_cache(maxsize=16384)
def is_name(text: str, *, among_names: bool = False) -> bool:
    """Whether a text can be one person's name: `J.-B. Alayrac`, `van der Maaten`.

    `among_names`: other marks (`et al.`) show that names stand here, so `Deep Ganguli` is one.
    """
    parts = show_stops(text).strip(" .*†‡").split()
    if _CJK.search(text):
        return bool(_CJK_NAME.fullmatch("".join(parts)))
    if not 1 <= len(parts) <= 5 or len(text) > _NAME_LENGTH:
        return False
    if not among_names and _TITLE_WORD.search(text):
        return False
    full = [part for part in parts if part.lower() not in _PARTICLES]
    return bool(full) and all(part not in SMALL and _NAME_WORD.match(part) for part in full)


def in_sentence(found: Iterable[str]) -> bool:
    """Whether words of a text are no names: written small, in any language, as in `Survey of …`."""
    return any(
        word.islower() and word not in _PARTICLES and word not in _BETWEEN_NAMES for word in found
    )


def _parts(text: str) -> list[str]:
    return [part for piece in _SEPARATOR.split(text) if (part := piece.strip())]


@lru_cache(maxsize=8192)
def is_authors(text: str) -> bool:
    """Whether a whole text is a run of names: comma or `and` between them, `et al.` at its end."""
    text = squeeze(_AFFILIATION.sub("", text)).strip(" .,;:-–—")
    if not text or any(ch in text for ch in ":?!"):
        return False
    parts = _parts(ET_AL.sub("", show_stops(text)).strip(" .,;"))
    sure = bool(ET_AL.search(text)) and len(parts) >= 3
    others = [part for part in parts if not is_name(part, among_names=sure)]
    if not parts or parts[0] in others or len(others) * 5 > len(parts):
        return False
    # One name in five may be written carelessly ("Hao liu"), but no longer than a name is.
    if any(len(part.split()) > 3 or _TITLE_WORD.search(part) for part in others):
        return False
    return len(parts) >= 2 or bool(ET_AL.search(text)) or 2 <= len(parts[0].split()) <= 4


def names_people(text: str) -> bool:
    """Whether a run set apart by its style holds authors: `Yao Mu et al. Arxiv`, `J. Hu, L. Li`."""
    return bool(ET_AL.search(text)) or (surely_authors(text) and is_authors(text))


def surely_authors(text: str | None) -> bool:
    """Whether names cannot be words of a title: initials, `et al.`, or three of two words each."""
    if not text:
        return False
    if ET_AL.search(text) or _INITIAL.search(text):
        return True
    parts = _parts(text)
    return len(parts) >= 3 and all(len(part.split()) >= 2 for part in parts)


def tidy_authors(text: str) -> str:
    """A run of authors without footnote marks and the punctuation around it."""
    text = _MARKS.sub("", show_stops(text)).strip(" ,;:|-–—·")
    if ET_AL.search(text[-7:]) or _INITIAL_AT_END.search(text):
        return text
    return text.rstrip(" .,")


def split_authors(text: str) -> tuple[str | None, str]:
    """(author run, what follows it) when a text starts with two names or more."""
    match = ET_AL.search(text)
    if match and match.start() < _RUN_LENGTH and is_authors(text[: match.end()]):
        return text[: match.end()].strip(), text[match.end() :].strip(" ,.;:-–—")
    position, names = 0, 0
    for part in _PART.finditer(text):
        first, second = part[2], part[3]
        if not is_name(first) or (second is not None and not is_name(second)):
            inner = _SENTENCE.match(first)
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
