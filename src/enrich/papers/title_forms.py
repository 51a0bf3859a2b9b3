"""Other ways to write one title: without venue, label or subtitle, expanded, in other spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

# An acronym with its year as lists write venues: `CVPR 2019`, `ICLR'14`, `NeurIPS-W 2020 Oral`.
_VENUE: Final = (
    r"(?=[A-Za-z&/+-]*[A-Z][A-Za-z&/+-]*[A-Z])[A-Z][A-Za-z&/+-]{1,14}"
    r"(?:\s(?:Workshops?|Findings|Oral|Spotlight))?\s?(?:(?:19|20)\d\d|['’‘]\s?\d\d)"
    r"(?:\s(?:Workshops?|Oral|Spotlight|Poster|Best Paper))?"
)
# What lists write around a title: "[YOLO v1] …", "…|", "… (CVPR 2019)", "… arXiv:1511.05641".
_COVERS: Final = (
    re.compile(r"^\s*(?:\[[^\]]{1,40}\]|[^\[\]]{1,40}\]|\(\d{1,4}\)|#?\d{1,4}[.)])\s*"),
    re.compile(r"^\s*\([^()]*\b(?:19|20)\d\d[^()]*\)\s*"),
    re.compile(rf"^\s*{_VENUE}\s*(?::|\||,|[-–—])\s+"),
    re.compile(r"\s*[|,;]+\s*$"),
    re.compile(r"\s*[\[(][^\[\]()]*\b(?:19|20)\d\d[^\[\]()]*[\])]\W*$"),
    re.compile(r"\s*[,.(]*\s*arxiv(?: preprint)?[:\s][\w./:-]+\)?\W*$", re.IGNORECASE),
    re.compile(
        r"\s*\((?:oral|spotlight|poster|workshop|best paper|[A-Z][A-Za-z+&-]{2,9}\s?'?\d*)\)\W*$"
    ),
    re.compile(rf"\s*(?:[,.;|]|\s[-–—])?\s+{_VENUE}\W*$"),
)
_MOST_COVERS: Final = 3
# What records say of their version, which does not make them another work.
_VERSION_MARK: Final = re.compile(
    r"\s*[\[(]\s*(?:extended|expanded|full|long|longer|short|preliminary|technical|journal|conference|preprint)"
    r"\s+(?:abstract|version|report|paper)\s*[\])]\W*$",
    re.IGNORECASE,
)
BREAK: Final = re.compile(r"[:|–—]|(?<=[\s.!?])-+\s+|[.?!]\s+")
_LABEL: Final = re.compile(r"^\s*(\S{1,30}?)\s*(?::|\s[-–—|])\s+(?=\S)")

# Abbreviations that titles use for a term of their field, by their plain form.
_ABBREVIATIONS: Final = {
    "cnn": "convolutional neural network", "cnns": "convolutional neural networks",
    "convnet": "convolutional network", "convnets": "convolutional networks",
    "dnn": "deep neural network", "dnns": "deep neural networks", "nn": "neural network",
    "nns": "neural networks", "rnn": "recurrent neural network",
    "rnns": "recurrent neural networks", "gnn": "graph neural network",
    "gnns": "graph neural networks", "gcn": "graph convolutional network",
    "gcns": "graph convolutional networks", "snn": "spiking neural network",
    "snns": "spiking neural networks", "gan": "generative adversarial network",
    "gans": "generative adversarial networks", "vae": "variational autoencoder",
    "vaes": "variational autoencoders", "lstm": "long short term memory",
    "lstms": "long short term memory networks", "svm": "support vector machine",
    "svms": "support vector machines", "crf": "conditional random field",
    "crfs": "conditional random fields", "hmm": "hidden markov model",
    "hmms": "hidden markov models", "mdp": "markov decision process",
    "mdps": "markov decision processes", "pomdp": "partially observable markov decision process",
    "pomdps": "partially observable markov decision processes", "mcmc": "markov chain monte carlo",
    "pca": "principal component analysis", "sgd": "stochastic gradient descent",
    "rl": "reinforcement learning", "drl": "deep reinforcement learning",
    "ml": "machine learning", "dl": "deep learning", "ai": "artificial intelligence",
    "nlp": "natural language processing", "nlu": "natural language understanding",
    "nmt": "neural machine translation", "mt": "machine translation",
    "asr": "automatic speech recognition", "ner": "named entity recognition",
    "qa": "question answering", "vqa": "visual question answering",
    "llm": "large language model", "llms": "large language models", "lm": "language model",
    "lms": "language models", "vlm": "vision language model", "vlms": "vision language models",
    "ssl": "self supervised learning", "nas": "neural architecture search",
    "gp": "gaussian process", "gps": "gaussian processes", "kg": "knowledge graph",
    "kgs": "knowledge graphs", "iot": "internet of things", "wsn": "wireless sensor network",
    "wsns": "wireless sensor networks", "slam": "simultaneous localization and mapping",
    "hci": "human computer interaction", "ocr": "optical character recognition",
    "vit": "vision transformer", "vits": "vision transformers", "w": "with",
    "vs": "versus",
}  # fmt: skip
# Verbs whose final l is doubled in British spelling only.
_DOUBLED: Final = "model|label|travel|cancel|signal|tunnel|channel|level|fuel|total|equal"
_TO_AMERICAN: Final = (
    # Not noise, raise, precise, otherwise, supervise, which have one spelling.
    (re.compile(r"(?<![oacvw])is(e[sdr]?|ers|ing|ations?|ational)$"), r"iz\1"),
    (re.compile(r"ys(e[sdr]?|ers|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[bilmnprv])our(?=$|s$|ed$|ing$|al$|ally$|ful$|able$|ite$|less$|hood)"), "or"),
    (re.compile(r"(?<=[ntb])re(s?)$"), r"er\1"),
    (re.compile(rf"^({_DOUBLED})l(ing|ed|ers?)$"), r"\1\2"),
    (re.compile(r"ogue(s?)$"), r"og\1"),
    (re.compile(r"^programme(s?)$"), r"program\1"),
    (re.compile(r"^(def|off|lic)ence$"), r"\1ense"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^artefact"), "artifact"),
    (re.compile(r"^(an)?aesth"), r"\1esth"),
)
_TO_BRITISH: Final = (
    (re.compile(r"(?<!pr)(?<!se)iz(e[sdr]?|ers|ing|ations?|ational)$"), r"is\1"),
    (re.compile(r"yz(e[sdr]?|ers|ing)$"), r"ys\1"),
    (
        re.compile(
            r"^(behavi|col|fav|flav|harb|hon|hum|lab|neighb|rum|tum|vap|vig|arm|glam)or"
            r"(?=$|s$|ed$|ing$|al$|ally$|ful$|able$|ite$|less$|hood)"
        ),
        r"\1our",
    ),
    (re.compile(r"^(cent|fib|met|theat|lit|calib|spect|kilomet|nanomet)er(s?)$"), r"\1re\2"),
    (re.compile(rf"^({_DOUBLED})(ing|ed|ers?)$"),
     r"\1l\2"),
    (re.compile(r"^(catal|anal|dial)og(s?)$"), r"\1ogue\2"),
    (re.compile(r"^(def|off)ense$"), r"\1ence"),
    (re.compile(r"^gray"), "grey"),
    (re.compile(r"^artifact"), "artefact"),
)  # fmt: skip
_LEAST_RESPELLED: Final = 4  # letters; shorter words ("rise", "fire") have one spelling


def uncovered(text: str) -> Iterator[tuple[str, str]]:
    """The title with one cover after another removed: (what is left, all that was removed)."""
    reading, removed = text, ""
    for _ in range(_MOST_COVERS):
        for cover in _COVERS:
            if (match := cover.search(reading)) is None:
                continue
            shorter = reading[: match.start()] + reading[match.end() :]
            if shorter.strip():
                removed += " " + match[0]
                reading = shorter
                yield reading, removed


def without_version_mark(text: str) -> str:
    """The title without `(Extended Abstract)`, `(Full Version)` and the like at its end."""
    return _VERSION_MARK.sub("", text)


def split_label(text: str) -> tuple[str, str] | None:
    """The one-word label of a title and the rest: `TSM: Temporal …`; None where it has none."""
    match = _LABEL.match(text)
    return (match[1], text[match.end() :]) if match else None


def split_subtitle(text: str) -> tuple[str, str] | None:
    """What stands before and after the first colon, dash or full stop; None without one."""
    match = BREAK.search(text)
    if match is None or not text[: match.start()].strip() or not text[match.end() :].strip():
        return None
    return text[: match.start()], text[match.end() :]


def expanded(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a plain title with common abbreviations written out."""
    text = f" {' '.join(words)} ".replace(" w o ", " without ")
    return tuple(part for word in text.split() for part in _ABBREVIATIONS.get(word, word).split())


def american(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a plain title in American spelling."""
    return tuple(map(_american, words))


def british(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a plain title in British spelling."""
    return tuple(_respelled(word, _TO_BRITISH) for word in words)


@lru_cache(maxsize=65_536)  # the same words come back in title after title
def _american(word: str) -> str:
    return _respelled(word, _TO_AMERICAN)


def _respelled(word: str, rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    if len(word) > _LEAST_RESPELLED:
        for pattern, spelling in rules:
            word = pattern.sub(spelling, word)
    return word
