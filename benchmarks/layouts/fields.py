"""The fields of an entry as a list writes them, on one line or several, and its gold record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from layouts.choices import MARKUPS, Choices
from layouts.facts import NAMES, NOTES, WORDS, Fact, foreign_facts

Record = dict[str, Any]


@dataclass
class Page:
    """The lines so far and the gold records."""

    lines: list[str] = field(default_factory=list)
    gold: list[Record] = field(default_factory=list)

    def add(self, *texts: str) -> None:
        for text in texts:
            self.lines += text.split("\n")


class FieldWriter:
    """Writes one list."""

    def __init__(self, random: Random, facts: Sequence[Fact], choices: Choices) -> None:
        self.random, self.choices, self.page = random, choices, Page()
        self.markup = MARKUPS.get(choices["form"], MARKUPS["txt"])
        if choices["form"] == "adoc":
            # `[…]` alone on a line and `--` are syntax.
            choices |= {k: "brackets" for k in ("venue style", "date style") if choices[k] == "box"}
        if choices["form"] == "rst" and choices["container"] == "definition":
            choices["mark"] = ""
        if choices["container"] in ("block table", "details"):
            # Inside HTML no Markdown is read.
            markup = MARKUPS["html"]
            self.markup = replace(markup, heading=self.markup.heading, bullet=self.markup.bullet)
            choices["links"] = (
                "labels"
                if choices["links"] == "badge"
                else "title"
                if choices["links"] == "reference"
                else choices["links"]
            )
        self.words = WORDS[choices["language"]]
        count = random.randint(10, 30)
        if choices["language"] == "en":
            self.facts = random.sample(list(facts), count)
        else:
            self.facts = foreign_facts(random, choices["language"], count)
        self.references: list[str] = []
        self.gold: Record = {}
        self.bullet = random.choice(self.markup.bullet)
        if choices["form"] == "adoc" and (
            choices["place"] == "nested" or choices["container"] == "nested topic"
        ):
            self.bullet = "* "
        self.number = 0

    # -- fields -----------------------------------------------------------------------------------

    def _styled(self, text: str, style: str) -> str:
        markup = self.markup
        forms = {
            "bold": markup.bold,
            "italic": markup.italic,
            "code": markup.code,
            "box": "[{}]",
            "brackets": "({})",
            "quoted": '"{}"',
        }
        return forms.get(style, "{}").format(text)

    def _title(self, fact: Fact, url: str) -> str:
        style, text = self.choices["title"], self.markup.escape(fact.title)
        if "link" not in style:
            return self._styled(text, style)
        if self.choices["links"] == "reference":
            self.references.append(f"[p{self.number}]: {url}")
            return f"[{text}][p{self.number}]"
        linked = self.markup.link(text, url)
        return self.markup.bold.format(linked) if style == "bold link" else linked

    def _authors(self, names: Sequence[str]) -> str:
        style = self.choices["authors"]
        cjk = self.choices["language"] in ("zh", "ja")
        if cjk:
            text = "，".join(names) if style != "et al" else f"{names[0]}等"
        elif style == "et al":
            text = f"{names[0]} et al."
        elif style == "last et al":
            text = f"{names[0].split()[-1]} et al."
        elif style == "initials":
            text = ", ".join(f"{n[0]}. {n.split()[-1]}" for n in names)
        elif style == "last first":
            text = "; ".join(f"{n.split()[-1]}, {n[0]}." for n in names)
        elif style == "and" and len(names) > 1:
            text = f"{', '.join(names[:-1])} and {names[-1]}"
        else:
            text = ", ".join(names)
        place = self.choices["authors style"]
        return f"by {text}" if place == "by" and not cjk else self._styled(text, place)

    def _venue(self, fact: Fact) -> str:
        style, year = self.choices["venue"], fact.year
        if self.choices["year"] != "venue" or style == "no year":
            text = fact.venue
        elif style == "short year" and fact.venue.isupper():
            text = f"{fact.venue}'{year % 100:02}"
        else:
            text = f"{fact.venue}, {year}" if style == "comma" else f"{fact.venue} {year}"
        text = self.markup.escape(text)
        if style == "in" and self.choices["venue style"] == "plain":
            text = f"In {text}"
        return self._styled(text, self.choices["venue style"])

    def _links(self, url: str, repository: str | None) -> str:
        kind, link = self.choices["links"], self.markup.link
        paper, code = self.words["paper"], self.words["code"]
        if kind == "emoji":
            paper, code = "📄", "💻"
        found = [] if kind in ("title", "reference") else [(paper, url)]
        if kind == "bare":
            return url
        if repository:
            found.append((code, repository))
        if kind == "badge":
            return " ".join(
                f"[![{t}](https://img.shields.io/badge/{t}-red)]({u})" for t, u in found
            )
        form = "[{}]" if kind == "boxed labels" else "{}"
        joint = self.random.choice((" ", " | ", ", ")) if kind == "labels" else " "
        return joint.join(form.format(link(t, u)) for t, u in found)

    def _fields(self, fact: Fact) -> tuple[dict[str, str], Record]:
        """The texts of an entry's fields, and its gold record."""
        random, choices = self.random, self.choices
        self.number += 1
        month = random.randint(1, 12)
        arxiv = fact.arxiv_id or (
            f"{fact.year % 100:02}{month:02}.{random.randint(1, 9999):05}"
            if fact.year > 2014 and random.random() < 0.6
            else None
        )
        doi = (
            None
            if arxiv
            else f"10.{random.randint(1000, 9999)}/{random.randint(10**6, 10**7)}.{self.number}"
        )
        url = (
            f"https://arxiv.org/{random.choice(('abs', 'pdf'))}/{arxiv}"
            if arxiv
            else f"https://doi.org/{doi}"
        )
        repository = (
            f"https://github.com/lab{self.number}/{fact.authors[0].split()[-1].lower()}-code"
            if choices["code"] and random.random() < 0.6
            else None
        )
        order = choices["order"]
        has = {letter: random.random() >= choices["omit"] for letter in "AV"}
        texts = {"T": self._title(fact, url), "L": self._links(url, repository)}
        gold: Record = {
            "title": fact.title,
            "kind": "paper",
            "authors": None,
            "venue": None,
            "year": None,
            "arxiv_id": arxiv,
            "doi": doi,
            "n_links": 1,
            "heading_year": None,
            "heading_venue": None,
        }
        self.gold = gold
        if "A" in order and has["A"]:
            texts["A"], gold["authors"] = self._authors(fact.authors), ", ".join(fact.authors)
            if choices["authors"] in ("initials", "last first"):
                gold["authors"] = ", ".join(name.split()[-1] for name in fact.authors)
            if "et al" in choices["authors"]:
                gold["authors"] = fact.authors[0].split()[-1]
            if choices["language"] in ("zh", "ja"):
                short = choices["authors"] == "et al"
                gold["authors"] = f"{fact.authors[0]}等" if short else ", ".join(fact.authors)
        if "V" in order and has["V"]:
            texts["V"], gold["venue"] = self._venue(fact), fact.venue
            if choices["year"] == "venue" and choices["venue"] != "no year":
                gold["year"] = fact.year
        if "D" in order or ("V" in order and choices["year"] == "apart"):
            texts["D"] = self._styled(
                choices["date"].format(fact.year, month), choices["date style"]
            )
            gold["year"] = fact.year
        if "N" in order and order != "NT" and random.random() < 0.8:
            texts["N"] = random.choice(NOTES)
        return texts, gold

    def _order(self, texts: dict[str, str]) -> list[tuple[str, str]]:
        order = self.choices["order"]
        if "D" in texts and "D" not in order:
            order = order.replace("V", "VD")
        return [(letter, texts[letter]) for letter in order if texts.get(letter)]

    # -- entries ----------------------------------------------------------------------------------

    def _line(self, parts: Sequence[tuple[str, str]]) -> str:
        """Fields on one line, with the separator where no mark of their own delimits them."""
        separator, result = self.choices["separator"], ""
        for letter, text in parts:
            if letter == "T" and self.choices["order"] == "NT":
                name = f"{self.random.choice(NAMES)}{self.number}"
                text = f"{name}: {text}"
                if self.choices["title"] == "plain":
                    self.gold["title"] = f"{name}: {self.gold['title']}"
            if self.choices["labelled"] and letter in "AVD" and self.choices["place"] != "inline":
                text = f"{self.words[{'A': 'authors', 'V': 'venue', 'D': 'year'}[letter]]}: {text}"
            if not result:
                result = text
            elif (
                (result.endswith("al.") and separator == ". ")
                or (text[:1] in "([" and separator not in (" | ", " · "))
                or text.startswith("by ")
            ):
                result += " " + text
            else:
                result += (
                    separator.lstrip() + text
                    if result[-1] in "?!." and separator[0] in ".,;"
                    else separator + text
                )
        return result

    def _blocks(self, texts: dict[str, str]) -> list[str]:
        """The lines of an entry: all on one, or the title's first and the others below."""
        parts = self._order(texts)
        links = texts["L"]
        mark = self.choices["mark"].format(self.number)
        if self.choices["place"] == "inline":
            joint = (
                " "
                if links[:1] in "[!" or self.choices["separator"] in (". ", ", ", "; ")
                else self.choices["separator"]
            )
            return [f"{mark}{self._line(parts)}{joint + links if links else ''}"]
        head = [part for part in parts if part[0] == "T"]
        lines = [mark + self._line(head)]
        lines += [self._line([part]) for part in parts if part[0] != "T"]
        return [*lines, *([links] if links else [])]
