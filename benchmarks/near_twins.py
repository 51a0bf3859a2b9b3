"""Near twins of catalogue papers, class by class: is a wrong paper ever accepted?

    python benchmarks/resolution.py --twins [--seed N] [--each N]

A catalogue title is changed into that of another paper that might well exist. Both ways round are
asked: the list has the twin and the service only the paper, and the reverse; with the authors of
the paper and without any. What is accepted is a false accept. `wrong link` gives the record by the
list's own identifier instead; `same title` keeps the title and names other people.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.resolution import record_of
from benchmarks.resolution_live import read_rows
from benchmarks.title_slices import Rows, swapped

from enrich.papers.titles import title_key
from enrich.records import Candidate, Entry
from enrich.resolve import RULE_VERSION, decide

Change = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Twin:
    """What a list says, and the record of another paper that a service gives for it.

    `by_id` says whether the list's own identifier named it, `reverse` whether the record has the
    changed title and the list the catalogue's.
    """

    kind: str
    listed: str
    listed_authors: str | None
    found: str
    found_authors: str
    by_id: bool = False
    reverse: bool = False


def _around(*forms: str) -> Change:
    """One of some forms with the title in the place of `{}`."""
    return lambda title, chance: chance.choice(forms).format(title)


def _replaced(*pairs: tuple[str, str]) -> Change:
    """The title with the first word that is in `pairs` replaced by its partner."""

    def change(title: str, chance: random.Random) -> str | None:
        for pair in chance.sample(pairs, len(pairs)):
            for old, new in (pair, pair[::-1]):
                pattern = re.compile(rf"\b{re.escape(old)}\b", re.IGNORECASE)
                if old and pattern.search(title):
                    return pattern.sub(new, title, count=1)
        return None

    return change


def _renumbered(title: str, chance: random.Random) -> str | None:
    numbers = [m for m in re.finditer(r"\d+", title) if not re.fullmatch(r"(19|20)\d\d", m[0])]
    if not numbers:
        return None
    match = chance.choice(numbers)
    other = str(max(1, int(match[0]) * chance.choice((2, 10)) + chance.choice((0, 1))))
    return title[: match.start()] + other + title[match.end() :] if other != match[0] else None


def _another_year(title: str, chance: random.Random) -> str | None:
    match = re.search(r"\b(?:19|20)\d\d\b", title)
    if match is None:
        return None
    year = int(match[0]) + chance.choice((-1, 1, 2))
    return title[: match.start()] + str(year) + title[match.end() :]


def _for_another(title: str, chance: random.Random) -> str | None:
    head, word, _ = title.rpartition(" for ")
    others = ("Speech Recognition", "Point Clouds", "Robot Navigation", "Medical Images",
              "Question Answering", "Knowledge Graphs", "Wireless Networks")  # fmt: skip
    return f"{head} for {chance.choice(others)}" if word and len(head.split()) >= 2 else None


def _turned(title: str, chance: random.Random) -> str | None:
    match = re.fullmatch(r"(.{8,}?) (for|from|in|to|of|with|by) (.{8,})", title)
    return f"{match[3]} {match[2]} {match[1]}" if match else None


def _subset(title: str, chance: random.Random) -> str | None:
    words = title.split()
    if len(words) < 6:
        return None
    cut = chance.choice((2, 3))
    return " ".join(words[cut:] if chance.random() < 0.5 else words[:-cut])


def _negated(title: str, chance: random.Random) -> str | None:
    changed = re.sub(r"\b(is|are|can|does|do)\b", r"\1 not", title, count=1, flags=re.IGNORECASE)
    if changed != title:
        return changed
    words = [(w, p + w) for w, p in (
        ("supervised", "un"), ("linear", "non"), ("convex", "non"), ("parametric", "non"),
        ("stationary", "non"), ("local", "non-"), ("equilibrium", "non"), ("complete", "in"),
        ("bounded", "un"), ("ordered", "dis"), ("symmetric", "a"), ("regular", "ir"),
        ("stable", "un"), ("commutative", "non"), ("uniform", "non"), ("markovian", "non-"),
        ("abelian", "non-"), ("possible", "im"), ("homogeneous", "in"), ("coherent", "in"),
    )]  # fmt: skip
    return _replaced(("with", "without"), *words)(title, chance)


def _edited_name(title: str, chance: random.Random) -> str | None:
    match = re.match(r"([A-Z][\w-]*[A-Z0-9][\w-]*): (.+)", title)
    if match is None:
        return None
    name = chance.choice(("{}2", "{}v2", "{}-II", "{}+", "{}++", "{} 2.0", "Fast {}", "Mini{}"))
    return f"{name.format(match[1])}: {match[2]}"


def _short_name(title: str, chance: random.Random) -> str | None:
    names = re.findall(r"\b[A-Z]{3,5}\b", title)
    if not names or title.isupper():
        return None
    name = chance.choice(names)
    at = chance.randrange(1, len(name))
    other = chance.choice([c for c in "ABCDEFGHKLMNPRT" if c != name[at]])
    return title.replace(name, name[:at] + other + name[at + 1 :], 1)


def _next_version(title: str, chance: random.Random) -> str | None:
    """`YOLOv4` as `YOLOv5`, `GPT-2` as `GPT-3`."""
    match = re.search(r"\b([A-Z][A-Za-z]*[A-Z][A-Za-z]*-?)(\d)\b", title)
    if match is None:
        return None
    return title[: match.start(2)] + str((int(match[2]) + 1) % 10) + title[match.end(2) :]


def _inserted(title: str, chance: random.Random) -> str | None:
    """One telling word more, before the last noun of the title's first half."""
    words = title.split()
    if len(words) < 5:
        return None
    word = chance.choice(("Sparse", "Distributed", "Gaussian", "Quadratic", "Wideband", "Private",
                          "Symmetric", "Sequential", "Noisy", "Relay"))  # fmt: skip
    at = chance.randrange(2, len(words) - 1)
    return " ".join([*words[:at], word, *words[at:]])


def _contained(title: str, chance: random.Random) -> str | None:
    """What stands before `for`, `with`, `of`, `in`, as a title of its own."""
    heads = list(re.finditer(r" (?:for|with|in|using|via|under) ", title))
    head = title[: chance.choice(heads).start()] if heads else ""
    return head if len(head.split()) >= 3 else None


def _exchanged(title: str, chance: random.Random) -> str | None:
    """Two telling words in each other's place."""
    words = title.split()
    places = [i for i, w in enumerate(words) if len(w) > 4 and w.isalpha()]
    if len(places) < 4:
        return None
    one, other = sorted(chance.sample(places, 2))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


CLASSES: Final[dict[str, Change]] = {
    "follow-up": _around("More on {}", "{} Reloaded", "{}: Five Years Later", "Extended {}",
                         "Generalized {}", "{}: Recent Advances", "{}: Open Problems",
                         "{}: The Next Generation", "{} Under Uncertainty", "Contributions to {}",
                         "{}: Challenges and Opportunities", "Another Look at {}"),
    "next version": _next_version,
    "word inside": _inserted,
    "contained": _contained,
    "words exchanged": _exchanged,
    "edition": _around("{} 2", "{} v2", "{} 2.0", "{} II", "{}, III", "{}: Part II", "{}, Part 3",
                       "{} Revisited", "Revisiting {}", "{} (II)", "{}: Second Edition"),
    "edition of a name": _edited_name,
    "year": _another_year,
    "about the paper": _around(
        "Comment on {}", 'Comments on "{}"', "{}: Comment", "Response to {}", "Reply to {}",
        "Corrigendum to {}", "{}: Corrigendum", "Retraction: {}", "{} (Retracted)",
        "Correction to: {}", "Erratum: {}", "Discussion of {}", "Rejoinder: {}", "A Note on {}",
        "Remarks on {}", "Addendum to {}", "Critique of {}", "A Review of {}", "{}: A Review",
        "{} (Survey)", "{}: A Survey", 'Commentary on "{}"', "On {}", "{}: Errata",
        "A Replication Study of {}", "Reproducibility Report: {}", "{}: A Replication",
    ),
    "beside the paper": _around(
        "Supplementary Material for {}", "{}: Supplementary Material", "{} (Supplement)",
        "{} - Supporting Information", "{} (Appendix)", "Appendix to {}", "{}: Slides",
        "{}: Lecture Notes", "A Guide to {}", "{}: A Tutorial", "An Introduction to {}",
        "{}: Documentation", "Summary of {}", "{}: A Summary", "Editorial: {}", "{} Toolkit",
    ),
    "language": _around("{} (in Russian)", "{}. Russian Edition", "{} (Chinese)",
                        "{} - French version", "{}: German Translation",
                        "{} (Spanish Translation)"),
    "thesis": _around("{} (Thesis)", "{}: PhD Thesis", "{}. Doctoral Dissertation",
                      "{} (Master's Thesis)", "Thesis: {}"),
    "workshop": _around("Workshop on {}", "Report on the Workshop on {}",
                        "Proceedings of the Workshop on {}",
                        "Summary of the Workshop on {}", "{}: Workshop Summary", "{} Challenge",
                        "{}: Overview of the Shared Task"),
    "data set": _around("{} Dataset", "{}: A Dataset", "A Dataset for {}", "{}: A Benchmark",
                        "A Benchmark for {}", "{} Corpus", "{}: Data and Code"),
    "for another": _for_another,
    "negated": _negated,
    "other number": _renumbered,
    "dimension": _replaced(("2D", "3D"), ("two-dimensional", "three-dimensional"), ("one", "two"),
                           ("single", "multiple"), ("binary", "ternary"), ("two", "three")),
    "opposite": _replaced(("upper", "lower"), ("inner", "outer"), ("online", "offline"),
                          ("discrete", "continuous"), ("weak", "strong"), ("weakly", "strongly"),
                          ("forward", "backward"), ("static", "dynamic"), ("local", "global"),
                          ("left", "right"), ("min", "max"), ("minimum", "maximum"),
                          ("directed", "undirected"), ("implicit", "explicit"), ("hyper", "hypo"),
                          ("intra", "inter"), ("homogeneous", "heterogeneous"), ("odd", "even"),
                          ("uplink", "downlink"), ("encoding", "decoding"), ("high", "low"),
                          ("classical", "quantum"), ("positive", "negative"),
                          ("minimal", "maximal")),
    "short name": _short_name,
    "word swapped": swapped,
    "turned round": _turned,
    "subset": _subset,
    # Not "Towards {}": no two of the 613,594 records differ in that.
    "opening": _around("Beyond {}", "Rethinking {}", "Improving {}", "Learning {}",
                       "Fast {}", "Deep {}", "Understanding {}", "Efficient {}", "Improved {}"),
    "ending": _around("{} with Applications", "{} and Beyond", "{} in Practice", "{} Networks",
                      "{} at Scale", "{} in the Wild", "{} Systems", "{}: Theory",
                      "{}: Further Results"),
}  # fmt: skip


def twins(rows: Rows, keys: Mapping[str, Sequence[str]], seed: int, each: int) -> Iterator[Twin]:
    """About `each` pairs of a class, each asked both ways round, with authors and without."""
    chance = random.Random(f"twins {seed}")
    ids = sorted(i for i, (t, a, _) in rows.items() if a and 4 <= len(t.split()) <= 20)
    chance.shuffle(ids)
    for kind, change in CLASSES.items():
        wanted = each
        for arxiv_id in ids:
            if not wanted:
                break
            title, names, _ = rows[arxiv_id]
            other = change(title, chance)
            if other is None or title_key(other) in keys or title_key(other) == title_key(title):
                continue
            wanted -= 1
            for known in (names, None):
                yield Twin(kind, other, known, title, names)
                yield Twin(kind, title, known, other, names, reverse=True)
    yield from _of_others(rows, ids, chance, each)
    yield from _wrong_links(rows, ids, chance, each)


def run_twins(seed: int, each: int) -> list[str]:
    """Print false accepts by class: where the list names the twin, and where the service does.

    Args:
        seed: Draws papers and twins.
        each: Titles of a class.

    Returns:
        The lines of a Markdown table.
    """
    rows = read_rows()
    keys: dict[str, list[str]] = {}
    for i, (title, _, _) in rows.items():
        keys.setdefault(title_key(title), []).append(i)
    asked: Counter[tuple[str, str]] = Counter()
    accepted: Counter[tuple[str, str]] = Counter()
    for twin in twins(rows, keys, seed, each):
        record = record_of("9901.00001", (twin.found, twin.found_authors, None))
        entry = Entry(
            "x", 0, (), 1, 1, twin.listed, twin.listed, "paper", "benchmark",
            authors_text=twin.listed_authors,
        )  # fmt: skip
        found = decide(entry, [Candidate(record, "id:arxiv" if twin.by_id else "title:arxiv")])
        column = "by name" if twin.reverse else "by twin"
        column += ", authors" if twin.listed_authors else ""
        asked[twin.kind, column] += 1
        accepted[twin.kind, column] += found.chosen is not None
    columns = ("by twin, authors", "by twin", "by name, authors", "by name")
    lines = [
        f"{len(rows):,} papers, seed {seed}, rules {RULE_VERSION}: false accepts of near twins.",
        "",
        "| class | list has it, authors | no authors | service has it, authors | no authors |",
        "|---|--:|--:|--:|--:|",
    ]  # fmt: skip
    for kind in dict.fromkeys(kind for kind, _ in asked):
        cells = (
            f"{accepted[kind, c]} of {asked[kind, c]:,}" if asked[kind, c] else "-" for c in columns
        )
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    lines.append(f"| all | {accepted.total():,} of {asked.total():,} | | | |")
    print("\n".join(lines))
    return lines


def _of_others(rows: Rows, ids: Sequence[str], chance: random.Random, each: int) -> Iterator[Twin]:
    """Short and long titles under which other people wrote; generic titles without authors."""
    generic = ("Introduction", "A Survey", "Deep Learning", "Attention", "Editorial",
               "Conclusion", "Graph Neural Networks", "Foreword", "Lecture Notes")  # fmt: skip
    for arxiv_id in ids[:each]:
        title, names, _ = rows[arxiv_id]
        other = rows[chance.choice(ids)][1]
        short = " ".join(title.split()[:9])
        yield Twin("same title, others", short, other, short, names)
        word = chance.choice(generic)
        yield Twin("generic title", word, None, word, names)
        yield Twin("generic title", word, other, word, names)


def _wrong_links(
    rows: Rows, ids: Sequence[str], chance: random.Random, each: int
) -> Iterator[Twin]:
    """The list's link names another paper: of anyone, and of the same first author."""
    by_first: dict[str, list[str]] = {}
    for arxiv_id in ids:
        by_first.setdefault(rows[arxiv_id][1].split(", ")[0], []).append(arxiv_id)
    several = [found for found in by_first.values() if 2 <= len(found) <= 40]
    for arxiv_id in ids[:each]:
        title, names, _ = rows[arxiv_id]
        found, found_names, _ = rows[chance.choice(ids)]
        yield Twin("wrong link, anyone's", title, names, found, found_names, by_id=True)
        yield Twin("wrong link, anyone's", title, None, found, found_names, by_id=True)
        mine, theirs = chance.sample(chance.choice(several), 2)
        title, names, _ = rows[mine]
        found, found_names, _ = rows[theirs]
        if title_key(title) == title_key(found):
            continue
        yield Twin("wrong link, own", title, names, found, found_names, by_id=True)
        yield Twin("wrong link, own", title, None, found, found_names, by_id=True)
