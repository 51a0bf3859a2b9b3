"""How good is title resolution? Hidden ids, a catalogue of 600,000 papers, no mercy.

    python benchmarks/resolution.py [--disagreements] [--tuned-only] [--loo N]
    python benchmarks/resolution.py --twins [--seed N] [--each N]
    python benchmarks/resolution.py --live [--seed N] [--scale X] [--sets lists,slices] [--show S]

The ids of list entries are hidden and each title is looked up in a catalogue by what a service's
title search gives (exact title, and the best by rare shared words); `decide` then judges. Three
questions: is the right paper accepted where the catalogue holds it (recall), is what is accepted
right (precision), and is anything accepted once the true record is taken away (false accepts)?
Lists are split whole: rules were tuned on TUNED only; the other lists are the figures to quote.
The yardsticks judge the same candidates. Beside the lists, N papers drawn from the whole catalogue
are asked for by their own title and then taken away: every science, every series of papers.
`--live` looks titles up as a run does, through the sandbox: see benchmarks/resolution_live.py;
`--twins` gives `decide` near twins of the catalogue's papers: see benchmarks/near_twins.py.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

import duckdb
from rapidfuzz import fuzz

from enrich.papers.same_paper import one_work
from enrich.papers.titles import plain_title, title_key
from enrich.records import Author, Candidate, Entry, Identifiers, Record
from enrich.resolve import RULE_VERSION, decide
from enrich.resolve.title_relation import relate

SHARED = Path(__file__).resolve().parents[1] / "../shared/data"
TUNED = frozenset(
    {
        "BradyFU__Awesome-Multimodal-Large-Language-Models.md",
        "benedekrozemberczki__awesome-graph-classification__chapters_deep_learning.md",
        "floodsung__Deep-Learning-Papers-Reading-Roadmap.md",
        "hoya012__deep_learning_object_detection.md",
        "jinwchoi__awesome-action-recognition.md",
        "kjw0612__awesome-deep-vision.md",
        "opendilab__awesome-RLHF.md",
        "terryum__awesome-deep-learning-papers.md",
    }
)
# Entries whose link names another paper than the title does, found by looking at every
# disagreement: (the id the list links, the beginning of the title's key) -> the title's paper.
WRONG_LINKS = {
    ("1511.00561", "bayesiansegnet"): "1511.02680",  # the list links SegNet
    ("1807.02839", "sgrselfsupervised"): "1811.06237",
    ("1606.00915", "semanticimagesegmentation"): "1412.7062",  # the list links DeepLab
    (
        "1501.00092",
        "learningadeepconvolutional",
    ): None,  # the ECCV paper; the list links the journal's
}
TOP = 20
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Query:
    """An entry whose id is known but hidden; `truth` is the arXiv id that the list links."""

    entry: Entry
    truth: str
    file: str


@dataclass
class Tally:
    """What came of a set of queries."""

    right: int = 0
    wrong: int = 0
    abstained: int = 0
    false_accepts: int = 0
    absent: int = 0

    @property
    def present(self) -> int:
        return self.right + self.wrong + self.abstained


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if of == 0:
        return 0.0, 1.0
    p, n = hits / of, of
    centre, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def record_of(arxiv_id: str, row: tuple[str, str, str | None]) -> Record:
    """The record of a catalogue row: title, authors joined by ", ", day of the first version."""
    title, authors, created = row
    people = tuple(Author(name) for name in authors.split(", ") if name)
    year = int(created[:4]) if created else None
    ids = Identifiers(arxiv_id=arxiv_id)
    return Record("arxiv", arxiv_id, title, ids, WHEN, authors=people, year=year)


class Catalogue:
    """The papers by arXiv id, and a title search over them."""

    def __init__(self) -> None:
        folder = SHARED / "catalogue"
        self.db = duckdb.connect()
        self.db.execute("SET threads = 2")
        rows = self.db.execute(
            f"""
            SELECT arxiv_id, title, array_to_string(authors, ', '), created
            FROM '{folder}/arxiv_oai_cs_201603_meta.parquet'
            UNION ALL
            SELECT arxiv_id, title, authors, created
            FROM '{folder}/arxiv_archive_partial_2020_titles.parquet'
            WHERE arxiv_id NOT IN
                (SELECT arxiv_id FROM '{folder}/arxiv_oai_cs_201603_meta.parquet')
            """
        ).fetchall()
        self.rows: dict[str, tuple[str, str, str | None]] = {
            i: (" ".join(t.split()), a or "", c) for i, t, a, c in rows if t
        }
        words = [(i, w) for i, (t, _, _) in self.rows.items() for w in set(plain_title(t).split())]
        import pyarrow as pa

        table = pa.table({"id": [i for i, _ in words], "word": [w for _, w in words]})
        self.db.register("words_in", table)
        self.db.execute("CREATE TABLE words AS SELECT * FROM words_in")
        self.db.execute(
            f"""
            CREATE TABLE weights AS
            SELECT word, ln({len(self.rows)} / count(*)) AS weight, count(*) AS n
            FROM words GROUP BY word HAVING count(*) <= 60000
            """
        )
        self.by_key: dict[str, list[str]] = {}
        for i, (t, _, _) in self.rows.items():
            self.by_key.setdefault(title_key(t), []).append(i)

    def record(self, arxiv_id: str) -> Record:
        return record_of(arxiv_id, self.rows[arxiv_id])

    def search(self, titles: Sequence[str]) -> list[list[str]]:
        """For each title the ids of the papers a title search would give, best first."""
        import pyarrow as pa

        asked = [(n, w) for n, t in enumerate(titles) for w in set(plain_title(t).split())]
        asked_table = pa.table({"q": [n for n, _ in asked], "word": [w for _, w in asked]})
        self.db.register("asked", asked_table)
        hits = self.db.execute(
            f"""
            WITH rare AS (
                SELECT q, word, weight FROM asked JOIN weights USING (word)
                QUALIFY row_number() OVER (PARTITION BY q ORDER BY n, word) <= 8
            ), scored AS (
                SELECT q, id, sum(weight) AS s FROM rare JOIN words USING (word) GROUP BY q, id
            )
            SELECT q, id FROM scored
            QUALIFY row_number() OVER (PARTITION BY q ORDER BY s DESC, id) <= {TOP}
            ORDER BY q, s DESC, id
            """
        ).fetchall()
        found: list[list[str]] = [list(self.by_key.get(title_key(t), ())) for t in titles]
        for q, i in hits:
            if i not in found[q]:
                found[q].append(i)
        return found


def queries() -> list[Query]:
    """The list entries with a known arXiv id, as the parser reads them where it finds them."""
    parsed = _parsed()
    result = []
    lines = (SHARED / "lists/title_arxiv_pairs.jsonl").read_bytes().splitlines()
    for number, line in enumerate(lines):
        pair = json.loads(line)
        title, file, truth = pair["title"], pair["file"], pair["arxiv_id"]
        entry = Entry(str(number), number, (), 1, 1, title, title, "paper", "")
        if known := parsed.get((file, truth)):
            entry = replace(
                entry,
                title=known.title,
                authors_text=known.authors_text,
                year=known.year,
                hints=known.hints,
            )
        result.append(Query(entry, _truth(truth, entry.title), file))
    return result


def _truth(linked: str, title: str) -> str:
    for (wrong, begin), right in WRONG_LINKS.items():
        if linked == wrong and title_key(title).startswith(begin):
            return right or "not in the catalogue"
    return linked


def mistyped(query: Query) -> Query:
    """The entry with one letter of its longest word doubled, dropped or changed."""
    chance = random.Random(query.entry.title)
    words = query.entry.title.split()
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    word, at = words[longest], chance.randrange(1, max(2, len(words[longest])))
    slip = chance.choice((word[at : at + 1], "", "e"))
    words[longest] = word[:at] + slip + word[at if slip == word[at : at + 1] else at + 1 :]
    return replace(query, entry=replace(query.entry, title=" ".join(words)))


def cut(query: Query) -> Query | None:
    """The entry without its subtitle, None where it has none."""
    head, colon, _ = query.entry.title.partition(": ")
    return replace(query, entry=replace(query.entry, title=head)) if colon and head else None


def _parsed() -> dict[tuple[str, str], Entry]:
    try:
        from enrich.parsing import parse_list, read_list
    except ImportError:
        return {}
    entries = {}
    for path in sorted((SHARED / "lists").glob("*__*")):
        for entry in parse_list(read_list(str(path))).entries:
            if entry.ids.arxiv_id:
                entries[path.name, entry.ids.arxiv_id] = entry
    return entries


Judge = Callable[[Entry, Sequence[Record]], str | None]


def rules(entry: Entry, records: Sequence[Record]) -> str | None:
    """The rules of this project."""
    chosen = decide(entry, [Candidate(r, "title:arxiv") for r in records]).chosen
    return chosen.record.ids.arxiv_id if chosen else None


def exact_key(entry: Entry, records: Sequence[Record]) -> str | None:
    """The same normal form and no second one."""
    same = [r for r in records if title_key(r.title) == title_key(entry.title)]
    return same[0].ids.arxiv_id if len(same) == 1 else None


def first_hit(entry: Entry, records: Sequence[Record]) -> str | None:
    """Whatever comes first, unverified."""
    return records[0].ids.arxiv_id if records else None


def wratio(entry: Entry, records: Sequence[Record]) -> str | None:
    """The best by fuzz.WRatio from 90 on."""
    scored = [(fuzz.WRatio(plain_title(entry.title), plain_title(r.title)), r) for r in records]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1].ids.arxiv_id if best[1] and best[0] >= 90 else None


def jaccard(entry: Entry, records: Sequence[Record]) -> str | None:
    """The best by shared words over all words from .75 on."""
    words = set(plain_title(entry.title).split())

    def share(r: Record) -> float:
        other = set(plain_title(r.title).split())
        return len(words & other) / (len(words | other) or 1)

    best = max(records, key=share, default=None)
    return best.ids.arxiv_id if best and share(best) >= 0.75 else None


JUDGES: dict[str, Judge] = {
    "rules": rules,
    "exact key": exact_key,
    "first hit": first_hit,
    "WRatio >= 90": wratio,
    "Jaccard >= .75": jaccard,
}


def slices(query: Query, catalogue: Catalogue) -> Iterable[str]:
    """The slices a query belongs to."""
    yield "all"
    if query.truth in catalogue.rows:
        relation = relate(query.entry.title, catalogue.rows[query.truth][0])
        yield {
            "same": "exact", "trimmed": "labelled", "labelled": "labelled", "quoted": "labelled",
            "slip": "typo", "dropped": "truncated", "added": "truncated", "truncated": "truncated",
        }.get(relation.kind, "renamed")  # fmt: skip
    if len(plain_title(query.entry.title).split()) <= 4:
        yield "<= 4 words"
    yield "with authors" if query.entry.authors_text else "without authors"


def twins(catalogue: Catalogue, arxiv_id: str) -> set[str]:
    """The paper's own record and further postings of it: same title by the same people."""
    own = catalogue.record(arxiv_id)
    return {
        i
        for i in catalogue.by_key[title_key(own.title)]
        if i == arxiv_id or one_work(own, catalogue.record(i))
    }


def evaluate(
    asked: Sequence[Query], catalogue: Catalogue
) -> tuple[dict[str, dict[str, Tally]], list[str]]:
    """The tallies by judge and slice, and every disagreement of the rules as a line."""
    hits = catalogue.search([q.entry.title for q in asked])
    tallies: dict[str, dict[str, Tally]] = {name: {} for name in JUDGES}
    odd: list[str] = []
    for query, ids in zip(asked, hits, strict=True):
        held = query.truth in catalogue.rows
        own = twins(catalogue, query.truth) if held else set()
        records = [catalogue.record(i) for i in ids]
        without = [r for r in records if r.ids.arxiv_id not in own]
        names = list(slices(query, catalogue))
        for judge, ask in JUDGES.items():
            answer = ask(query.entry, records) if held else None
            stray = ask(query.entry, without)
            for name in names:
                tally = tallies[judge].setdefault(name, Tally())
                if held:
                    tally.right += answer in own
                    tally.wrong += answer is not None and answer not in own
                    tally.abstained += answer is None
                tally.absent += 1
                tally.false_accepts += stray is not None
            if judge == "rules":
                odd += _disagreement(query, catalogue, held, answer, own, stray)
    return tallies, odd


def _disagreement(
    query: Query, catalogue: Catalogue, held: bool, answer: str | None, own: set[str],
    stray: str | None,
) -> list[str]:  # fmt: skip
    lines = []
    truth = f"{query.truth} {catalogue.rows[query.truth][0]!r}" if held else query.truth
    listed = f"{query.entry.title!r} by {query.entry.authors_text!r}, {query.entry.year}"
    if held and answer not in own:
        got = f"{answer} {catalogue.rows[answer][0]!r}" if answer else "abstained"
        lines.append(f"PRESENT {query.file[:20]} {listed}\n    truth {truth}\n    got   {got}")
    if stray:
        shown = f"{stray} {catalogue.rows[stray]!r}"
        lines.append(f"ABSENT  {query.file[:20]} {listed}\n    truth {truth}\n    got   {shown}")
    return lines


def show(title: str, tallies: dict[str, dict[str, Tally]]) -> list[str]:
    """Print a set as a Markdown table; returns its lines."""
    lines = [
        f"**{title}**", "",
        "| judge | slice | present | precision (95 %) | recall (95 %) | absent "
        "| false accepts (95 %) |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for judge, by_slice in tallies.items():
        for name in sorted(by_slice, key=lambda n: (n != "all", n)):
            if judge != "rules" and name != "all":
                continue
            t = by_slice[name]
            lines.append(
                f"| {judge} | {name} | {t.present:,} | {_share(t.right, t.right + t.wrong)} "
                f"| {_share(t.right, t.present)} | {t.absent:,} "
                f"| {t.false_accepts}: {_share(t.false_accepts, t.absent)} |"
            )
    print("\n".join(["", *lines]), flush=True)
    return [*lines, ""]


def publish(name: str, lines: Sequence[str]) -> None:
    """Put `lines` between the comments `NAME` and `/NAME` of docs/resolution.md."""
    page = Path(__file__).resolve().parents[1] / "docs/resolution.md"
    text = page.read_text(encoding="utf-8")
    head, begin, rest = text.partition(f"<!-- {name} -->\n")
    _, end, tail = rest.partition(f"<!-- /{name} -->\n")
    if not end:
        raise SystemExit(f"{page} has no comments {name} and /{name}.")
    body = "\n".join(lines).strip("\n")
    page.write_text(f"{head}{begin}\n{body}\n\n{end}{tail}", encoding="utf-8")


def _share(hits: int, of: int) -> str:
    if not of:
        return "-"
    low, high = wilson(hits, of)
    return f"{hits / of:.4f} [{max(low, 0):.3f} {high:.3f}]"


def check_ids(asked: Sequence[Query], catalogue: Catalogue) -> tuple[list[int], list[int]]:
    """The list's own id given: right ones taken, the nearest other papers' reported as conflicts.

    Each answer is [as it should be, all].
    """
    right, wrong = [0, 0], [0, 0]
    hits = catalogue.search([q.entry.title for q in asked])
    for query, ids in zip(asked, hits, strict=True):
        if query.truth not in catalogue.rows:
            continue
        own = twins(catalogue, query.truth)
        given = catalogue.record(query.truth)
        right[0] += decide(query.entry, [Candidate(given, "id:arxiv")]).status == "resolved"
        right[1] += 1
        for other in [i for i in ids if i not in own][:2]:
            given = catalogue.record(other)
            wrong[0] += decide(query.entry, [Candidate(given, "id:arxiv")]).status == "conflict"
            wrong[1] += 1
    return right, wrong


def leave_one_out(catalogue: Catalogue, number: int, authors: bool) -> tuple[Tally, list[str]]:
    """Catalogue papers asked for by their own title, present, then taken away."""
    chosen = random.Random(7).sample(sorted(catalogue.rows), number)
    hits = catalogue.search([catalogue.rows[i][0] for i in chosen])
    tally, odd = Tally(), []
    for arxiv_id, ids in zip(chosen, hits, strict=True):
        title, names, created = catalogue.rows[arxiv_id]
        entry = Entry("x", 0, (), 1, 1, title, title, "paper", "")
        if authors:
            entry = replace(entry, authors_text=names, year=int(created[:4]) if created else None)
        own = twins(catalogue, arxiv_id)
        records = [catalogue.record(i) for i in ids]
        answer = rules(entry, records)
        stray = rules(entry, [r for r in records if r.ids.arxiv_id not in own])
        tally.right += answer in own
        tally.wrong += answer is not None and answer not in own
        tally.abstained += answer is None
        tally.absent += 1
        tally.false_accepts += stray is not None
        if stray:
            odd.append(
                f"LOO {arxiv_id} {title!r} by {names}\n    got {stray} {catalogue.rows[stray]}"
            )
    return tally, odd


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--disagreements", action="store_true", help="show every one")
    parser.add_argument(
        "--loo", type=int, default=2000, metavar="N", help="catalogue papers to remove"
    )
    parser.add_argument("--docs", action="store_true", help="write docs/resolution.md")
    parser.add_argument("--tuned-only", action="store_true", help="leave the held-out lists alone")
    live = parser.add_argument_group("through the sandbox")
    live.add_argument("--live", action="store_true", help="look up as a run does")
    live.add_argument("--seed", type=int, default=1, help="below 100: for tuning")
    live.add_argument("--scale", type=float, default=1.0, help="share of each slice")
    live.add_argument("--sets", default="slices,lists")
    live.add_argument("--thorough", action="store_true", help="search all titles one at a time")
    live.add_argument("--show", metavar="SLICE", help="print every miss of a slice, or of all")
    parser.add_argument("--twins", action="store_true", help="near twins, class by class")
    parser.add_argument("--variants", action="store_true", help="titles written otherwise")
    parser.add_argument("--each", type=int, default=500, metavar="N", help="titles of a class")
    arguments = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    if arguments.twins:
        from benchmarks.near_twins import run_twins

        lines = run_twins(arguments.seed, arguments.each)
        if arguments.docs:
            publish("twins", lines)
        return
    if arguments.variants:
        from benchmarks.title_variants import run_variants

        lines = run_variants(arguments.seed, arguments.each, arguments.show)
        if arguments.docs:
            publish("variants", lines)
        return
    if arguments.live:
        from benchmarks.resolution_live import run_live

        run_live(
            arguments.seed, arguments.scale, arguments.sets, thorough=arguments.thorough,
            shown=arguments.show, docs=arguments.docs,
        )  # fmt: skip
        return
    catalogue = Catalogue()
    asked = queries()
    print(f"rules {RULE_VERSION}; {len(catalogue.rows)} papers; {len(asked)} entries")
    held_out = [q for q in asked if q.file not in TUNED]
    known = [q for q in held_out if q.truth in catalogue.rows]
    sets = {
        "Lists the rules were tuned on": [q for q in asked if q.file in TUNED],
        "Held-out lists": held_out,
        "Held-out entries, one letter of the title wrong": [mistyped(q) for q in known],
        "Held-out entries, the subtitle dropped": [c for q in known if (c := cut(q))],
    }
    lines = [f"Rules {RULE_VERSION}; {len(catalogue.rows):,} papers; {len(asked)} entries.", ""]
    for name, chosen in sets.items():
        if arguments.tuned_only and chosen is not sets["Lists the rules were tuned on"]:
            continue
        tallies, odd = evaluate(chosen, catalogue)
        lines += show(name, tallies)
        if arguments.disagreements:
            print("\n".join(odd))
    right, wrong = check_ids(asked, catalogue)
    lines += [
        f"Ids in the list, all lists: right ones taken {_share(*right)};",
        f"those of the two papers nearest by title reported as conflicts {_share(*wrong)}.", "",
    ]  # fmt: skip
    print("\n".join(["", *lines[-3:]]))
    if arguments.loo:
        for authors in (False, True):
            tally, odd = leave_one_out(catalogue, arguments.loo, authors)
            with_or_without = "with authors and year" if authors else "title only"
            lines += show(f"Catalogue papers, {with_or_without}", {"rules": {"all": tally}})
            if arguments.disagreements:
                print("\n".join(odd))
    if arguments.docs:
        publish("local", lines)


if __name__ == "__main__":
    main()
