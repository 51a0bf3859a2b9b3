"""Titles as owners write them otherwise, class by class: is the paper still accepted?

    python benchmarks/resolution.py --variants [--seed N] [--each N]

A catalogue title is written in another way, and `decide` gets the paper's own record for it, with
its authors and without.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from benchmarks.resolution import record_of
from benchmarks.resolution_live import read_rows
from benchmarks.title_slices import typo

from enrich.papers.titles import plain_title, title_key
from enrich.records import Candidate, Entry
from enrich.resolve import RULE_VERSION, decide

Change = Callable[[str, random.Random], str | None]
_UMLAUTS: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
                   "ø": "oe", "å": "aa"}  # fmt: skip
_GREEK: Final = {"alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "epsilon": "ε", "mu": "μ"}


def _replaced(pattern: str, new: str) -> Change:
    """The title with the first match replaced; None without one."""
    find = re.compile(pattern)
    return lambda title, chance: find.sub(new, title, count=1) if find.search(title) else None


def _joined(title: str, chance: random.Random) -> str | None:
    """A hyphen as a space, or the reverse, or neither."""
    match = re.search(r"\b([A-Za-z]{3,})([ -])([a-z]{3,})\b", title)
    hyphen = re.search(r"\b([A-Za-z]+)-([A-Za-z]+)\b", title)
    if hyphen:
        new = chance.choice((" ", ""))
        return title[: hyphen.start()] + hyphen[1] + new + hyphen[2] + title[hyphen.end() :]
    return title.replace(match[0], f"{match[1]}-{match[3]}", 1) if match else None


def _transposed(title: str, chance: random.Random) -> str | None:
    words = title.split()
    places = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha() and w.isascii()]
    if len(words) < 4 or not places:
        return None
    place = chance.choice(places)
    word = words[place]
    at = chance.randrange(1, len(word) - 2)
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def _another_number(title: str, chance: random.Random) -> str | None:
    words = title.split()
    places = [i for i, w in enumerate(words) if re.fullmatch(r"[a-z]{5,}[^s]s|[a-z]{4,}[^sy]", w)]
    if len(words) < 4 or not places:
        return None
    place = chance.choice(places)
    word = words[place]
    words[place] = word[:-1] if word.endswith("s") else word + "s"
    return " ".join(words)


def _cut_off(title: str, chance: random.Random) -> str | None:
    words = title.split()
    if len(words) < 8:
        return None
    text = " ".join(words[: chance.randrange(5, len(words) - 1)])
    return text + chance.choice(("...", "…", " ...", " …"))


def _turned(title: str, chance: random.Random) -> str | None:
    head, colon, tail = title.partition(": ")
    return f"{tail}: {head}" if colon and len(head.split()) > 1 and len(tail.split()) > 2 else None


def _umlauts(title: str, chance: random.Random) -> str | None:
    text = "".join(_UMLAUTS.get(c, c) for c in title)
    return text if text != title else None


def _greek(title: str, chance: random.Random) -> str | None:
    for name, letter in _GREEK.items():
        pattern = rf"\${{?\\{name}}}?\$|(?<!\\)\b{name}\b"
        if re.search(pattern, title):
            return re.sub(pattern, letter, title, count=1)
    return None


def _typeset(title: str, chance: random.Random) -> str | None:
    """Typographic quotation marks, dashes, ligatures."""
    text = title.replace("'", "’").replace("fi", "ﬁ").replace(" - ", " — ").replace("-", "‐")
    return text if text != title else None


CLASSES: Final[dict[str, Change]] = {
    "hyphen": _joined,
    "colon as dash": _replaced(r": ", " - "),
    "subtitle in brackets": lambda t, c: (
        f"{h} ({r})" if (h := t.partition(": ")[0]) and (r := t.partition(": ")[2]) else None
    ),
    "article missing": _replaced(r"^(?:A|An|The) ", ""),
    "article inside missing": _replaced(r" (?:a|an|the) ", " "),
    "article added": lambda t, c: (
        c.choice(("The ", "A ")) + t if not re.match(r"(?:A|An|The|On) ", t) else None
    ),
    "ampersand": _replaced(r" and ", " & "),
    "capitals": lambda t, c: t.upper(),
    "letters transposed": _transposed,
    "typo": typo,
    "plural": _another_number,
    "cut off": _cut_off,
    "subtitle first": _turned,
    "umlauts": _umlauts,
    "Greek": _greek,
    "typeset": _typeset,
    "mathematics without signs": lambda t, c: re.sub(r"[$\\{}^_]", "", t) if "$" in t else None,
    "full stop": lambda t, c: t + ".",
    "quoted": lambda t, c: c.choice(('"{}"', "“{}”", "*{}*", "'{}'")).format(t),
    "number written out": _replaced(r"\b2\b", "two"),
    "via, with, using": _replaced(r" (?:via|using|by|through) ", " with "),
}


def run_variants(seed: int, each: int, shown: str | None) -> list[str]:
    """Print how many variants of each class are accepted.

    Args:
        seed: Draws papers and variants.
        each: Titles of a class.
        shown: A class whose misses are printed, `all` or None.

    Returns:
        The lines of a Markdown table.
    """
    rows = read_rows()
    keys = {title_key(title) for title, _, _ in rows.values()}
    chance = random.Random(f"variants {seed}")
    ids = sorted(i for i, (t, a, _) in rows.items() if a and 4 <= len(t.split()) <= 20)
    chance.shuffle(ids)
    lines = [
        f"{len(rows):,} papers, seed {seed}, rules {RULE_VERSION}: accepted.", "",
        "| class | with authors | without |", "|---|--:|--:|",
    ]  # fmt: skip
    for kind, change in CLASSES.items():
        asked: Counter[bool] = Counter()
        right: Counter[bool] = Counter()
        for arxiv_id in ids:
            if asked[True] == each:
                break
            title, names, _ = rows[arxiv_id]
            changed = change(title, chance)
            if changed is None or changed == title:
                continue
            if title_key(changed) in keys and title_key(changed) != title_key(title):
                continue
            for known in (True, False):
                entry = Entry(
                    "x", 0, (), 1, 1, changed, changed, "paper", "benchmark",
                    authors_text=names if known else None,
                )  # fmt: skip
                record = record_of(arxiv_id, rows[arxiv_id])
                found = decide(entry, [Candidate(record, "title:arxiv")])
                asked[known] += 1
                right[known] += found.chosen is not None
                if found.chosen is None and shown in (kind, "all"):
                    print(f"{kind}, {known}: {changed!r} / {title!r}")
        cells = " | ".join(f"{right[k]} of {asked[k]}" for k in (True, False))
        lines.append(f"| {kind} | {cells} |")
    lines.append("")
    titles = {tuple(plain_title(title).split()) for title, _, _ in rows.values()}
    for words in (5, 6, 7):
        begun = Counter(title[:words] for title in titles if len(title) > words)
        shared = sum(n for n in begun.values() if n > 1)
        lines.append(
            f"Titles of more than {words} words: {begun.total():,}, of which {shared:,} begin with "
            "the same words as another."
        )
    print("\n".join(lines))
    return lines
