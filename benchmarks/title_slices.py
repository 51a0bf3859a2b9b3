"""Titles as owners of lists write them: catalogue titles perturbed in named ways, from a seed.

`present` gives list entries whose paper the catalogue holds, `absent` gives near twins of catalogue
papers that no catalogue has. Half of the entries carry their authors, as in real lists.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from enrich.papers.titles import plain_title, title_key

# arXiv id -> (title, authors joined by ", ", day of the first version or None)
Rows = Mapping[str, tuple[str, str, str | None]]


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of the made list; `truth` is None where no catalogue has the paper."""

    slice: str
    title: str
    authors: str | None
    year: int | None
    truth: str | None
    source: str


SPELLINGS: Final = (
    ("behavior", "behaviour"), ("color", "colour"), ("modeling", "modelling"),
    ("labeling", "labelling"), ("optimization", "optimisation"),
    ("generalization", "generalisation"),
    ("recognizing", "recognising"), ("localization", "localisation"), ("regularization",
    "regularisation"), ("analyzing", "analysing"), ("neighbor", "neighbour"), ("factorization",
    "factorisation"), ("visualization", "visualisation"), ("summarization", "summarisation"),
    ("center", "centre"), ("fiber", "fibre"), ("normalization", "normalisation"), ("parallelizing",
    "parallelising"), ("organization", "organisation"), ("minimization", "minimisation"),
)  # fmt: skip
ABBREVIATIONS: Final = (
    ("convolutional neural network", "CNN"), ("convolutional neural networks", "CNNs"),
    ("recurrent neural networks", "RNNs"), ("recurrent neural network", "RNN"),
    ("generative adversarial networks", "GANs"), ("support vector machines", "SVMs"),
    ("support vector machine", "SVM"), ("long short-term memory", "LSTM"),
    ("reinforcement learning", "RL"), ("natural language processing", "NLP"),
    ("deep neural networks", "DNNs"), ("wireless sensor networks", "WSNs"),
    ("markov decision processes", "MDPs"), ("conditional random fields", "CRFs"),
    ("principal component analysis", "PCA"), ("stochastic gradient descent", "SGD"),
    ("neural networks", "NNs"), ("with", "w/"),
)  # fmt: skip
_ACCENTS: Final = {
    "ä": r"\"{a}", "ö": r"\"{o}", "ü": r"\"{u}", "é": r"\'{e}", "è": r"\`{e}", "ó": r"\'{o}",
    "á": r"\'{a}", "ô": r"\^{o}", "ç": r"\c{c}", "í": r"\'{i}", "ñ": r"\~{n}",
}  # fmt: skip
_VENUES: Final = ("CVPR", "ICML", "NeurIPS", "ACL", "ICLR", "AAAI", "ECCV", "KDD", "INFOCOM")
_LABEL: Final = re.compile(r"^([A-Z][\w-]*[A-Z0-9][\w-]*|[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}\w*): (.+)$")


def typo(title: str, chance: random.Random, times: int = 1) -> str | None:
    """`times` words of five letters and more each with one letter changed, dropped or swapped."""
    words = title.split()
    places = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha() and w.isascii()]
    if len(places) < times or len(words) < 4:
        return None
    for place in chance.sample(places, times):
        word = words[place]
        at = chance.randrange(1, len(word) - 1)
        how = chance.randrange(4)
        other = chance.choice("abcdefghilmnoprstu")
        words[place] = (
            word[:at] + word[at + 1 :]
            if how == 0
            else word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if how == 1
            else word[:at] + other + word[at:]
            if how == 2
            else word[:at] + other + word[at + 1 :]
        )
    return " ".join(words)


def _tex(title: str, chance: random.Random) -> str | None:
    if any(c in _ACCENTS for c in title):
        return "".join(_ACCENTS.get(c, c) for c in title)
    words = title.split()
    places = [i for i, w in enumerate(words) if len(w) > 4 and w.isalpha()]
    if " and " in title and chance.random() < 0.4:
        return title.replace(" and ", r" \& ", 1)
    if not places:
        return None
    place = chance.choice(places)
    style = chance.choice((r"\emph{%s}", r"\textbf{%s}", "{%s}", r"\textit{%s}", "$%s$"))
    words[place] = style % words[place]
    return " ".join(words)


def _spelt(title: str, chance: random.Random) -> str | None:
    for american, british in SPELLINGS:
        for one, other in ((american, british), (british, american)):
            if re.search(one, title, re.IGNORECASE):
                return re.sub(
                    one,
                    lambda m, o=other: o.capitalize() if m[0][0].isupper() else o,  # type: ignore[misc]
                    title,
                    flags=re.IGNORECASE,
                )
    return None


def _abbreviated(title: str, chance: random.Random) -> str | None:
    for long, short in ABBREVIATIONS:
        pattern = re.compile(rf"\b{long.replace('-', '[- ]')}\b", re.IGNORECASE)
        if pattern.search(title) and len(title.split()) > 4:
            return pattern.sub(short, title)
    return None


def _without_subtitle(title: str, chance: random.Random) -> str | None:
    head, colon, tail = title.partition(": ")
    return head if colon and len(head.split()) >= 3 and len(tail.split()) >= 2 else None


def _without_label(title: str, chance: random.Random) -> str | None:
    found = _LABEL.match(title)
    return found[2] if found and len(found[2].split()) >= 4 else None


def _with_acronym(title: str, chance: random.Random) -> str | None:
    if ":" in title:
        return None
    words = [w for w in title.split() if len(w) > 3 and w.isalpha()]
    if len(words) < 4:
        return None
    name = "".join(w[0].upper() for w in words[:5])
    if chance.random() < 0.5:
        name = name[:3] + chance.choice(("Net", "GAN", "former", ""))
    return f"{name}: {title}"


def _renamed(title: str, chance: random.Random) -> str | None:
    """A working title: one or two content words changed or left out."""
    words = title.split()
    places = [i for i, w in enumerate(words) if len(w) > 4 and w.isalpha()]
    if len(places) < 4:
        return None
    del words[chance.choice(places)]
    return " ".join(words)


def _venue(title: str, chance: random.Random) -> str:
    return f"{chance.choice(_VENUES)} {chance.randrange(2010, 2020)}"


def _prefixed(title: str, chance: random.Random) -> str:
    v = _venue(title, chance)
    return chance.choice((f"[{v}] {title}", f"({v}) {title}", f"{v}: {title}", f"{v} - {title}"))


def _suffixed(title: str, chance: random.Random) -> str:
    v = _venue(title, chance)
    return chance.choice((f"{title} ({v})", f"{title} [{v}]", f"{title}, {v}", f"{title}. {v}"))


def _cased(title: str, chance: random.Random) -> str:
    return chance.choice((title.upper(), title.lower(), title.title()))


Change = Callable[[str, random.Random], str | None]
PRESENT: Final[dict[str, tuple[int, Change, bool | None]]] = {
    "exact": (100, lambda t, c: t, None),
    "case": (60, _cased, None),
    "tex": (90, _tex, None),
    "typo 1": (120, typo, None),
    "typo 2": (80, lambda t, c: typo(t, c, 2), None),
    "british/american": (70, _spelt, None),
    "venue prefix": (90, _prefixed, None),
    "venue suffix": (90, _suffixed, None),
    "abbreviation": (70, _abbreviated, None),
    "subtitle dropped, authors": (90, _without_subtitle, True),
    "subtitle dropped, none": (50, _without_subtitle, False),
    "label dropped": (90, _without_label, None),
    "acronym added": (80, _with_acronym, None),
    "renamed": (70, _renamed, None),
}


def swapped(title: str, chance: random.Random) -> str | None:
    words = title.split()
    places = [i for i, w in enumerate(words) if len(w) > 5 and w.isalpha()]
    if len(places) < 3:
        return None
    place = chance.choice(places)
    words[place] = chance.choice(
        ("Segmentation", "Retrieval", "Compression", "Scheduling", "Clustering", "Verification",
         "Bayesian", "Quantum", "Distributed", "Hierarchical", "Robust", "Audio", "Spectral")
    )  # fmt: skip
    return " ".join(words)


def _numbered(title: str, chance: random.Random) -> str | None:
    numbers = re.findall(r"\b\d\b", title)
    if not numbers:
        return None
    return title.replace(numbers[0], str((int(numbers[0]) + 1) % 10), 1)


ABSENT: Final[dict[str, tuple[int, Change]]] = {
    "part": (80, lambda t, c: t + c.choice((" (Part 2)", ", Part II", " II", ": Part 2"))),
    "++": (
        60,
        lambda t, c: f"{m[1]}++: {m[2]}" if (m := _LABEL.match(t)) else None,
    ),
    "reply": (80, lambda t, c: c.choice(("Reply to: ", "Comment on: ", "A Reply to ")) + t),
    "erratum": (80, lambda t, c: c.choice((f"{t} (Erratum)", f"Erratum: {t}", f"{t}: Erratum"))),
    "survey": (60, lambda t, c: c.choice((f"{t}: A Survey", f"A Survey of {t}"))),
    "word swapped": (80, swapped),
    "number changed": (30, _numbered),
    "sibling": (50, swapped),
}


def present(rows: Rows, seed: int, scale: float = 1.0) -> Iterator[Case]:
    """Entries whose paper is in `rows`, slice by slice."""
    chance = random.Random(f"present {seed}")
    ids = _order(rows, chance)
    used: set[str] = set()
    for name, (size, change, authors) in PRESENT.items():
        wanted = round(size * scale)
        for arxiv_id in ids:
            if wanted <= 0:
                break
            if arxiv_id in used:
                continue
            title, names, _ = rows[arxiv_id]
            changed = change(title, chance)
            if changed is None or (name != "exact" and changed == title):
                continue
            used.add(arxiv_id)
            wanted -= 1
            known = chance.random() < 0.5 if authors is None else authors
            yield Case(
                name, changed, _cite(names, chance) if known else None, None, arxiv_id, title
            )


def absent(
    rows: Rows, keys: Mapping[str, Sequence[str]], seed: int, scale: float = 1.0
) -> Iterator[Case]:
    """Near twins of papers in `rows` whose titles nothing in `rows` has."""
    chance = random.Random(f"absent {seed}")
    ids = _order(rows, chance)
    used: set[str] = set()
    for name, (size, change) in ABSENT.items():
        wanted = round(size * scale)
        for arxiv_id in ids:
            if wanted <= 0:
                break
            if arxiv_id in used:
                continue
            title, names, _ = rows[arxiv_id]
            changed = change(title, chance)
            if changed is None or title_key(changed) in keys:
                continue
            used.add(arxiv_id)
            wanted -= 1
            known = True if name == "sibling" else chance.random() < 0.5
            yield Case(name, changed, _cite(names, chance) if known else None, None, None, title)


def _order(rows: Rows, chance: random.Random) -> list[str]:
    """Papers of four words and more with authors, in the order in which they are drawn."""
    ids = [i for i, (t, a, _) in rows.items() if a and len(plain_title(t).split()) >= 4]
    ids.sort()
    chance.shuffle(ids)
    return ids


def _cite(names: str, chance: random.Random) -> str:
    people = names.split(", ")
    how = chance.randrange(3)
    if how == 0 or len(people) == 1:
        return ", ".join(people[:6])
    if how == 1:
        return f"{people[0]} et al."
    return ", ".join(f"{p.split()[0][:1]}. {p.split()[-1]}" for p in people[:6])
