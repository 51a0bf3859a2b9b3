"""Whole lists: sections, tables, records, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from layouts.choices import Choices, choose
from layouts.entries import EntryWriter
from layouts.facts import TOPICS, Fact
from layouts.fields import Record


class ListWriter(EntryWriter):
    """Writes one list."""

    # -- tables and records -----------------------------------------------------------------------

    def _columns(self) -> tuple[list[str], list[str]]:
        """(letters, headings) of a table's columns."""
        letters = [c for c in self.choices["order"] if c in "TAVDN"]
        if "V" in letters and self.choices["year"] == "apart" and "D" not in letters:
            letters.insert(letters.index("V") + 1, "D")
        if self.choices["links"] not in ("title", "reference"):
            letters.append("L")
        words = {
            k: self.words[n]
            for k, n in zip(
                "TAVDNL", ("title", "authors", "venue", "year", "note", "links"), strict=True
            )
        }
        if self.choices["labelled"] or self.choices["form"] == "csv":
            words["T"] = self.words["paper"] if self.choices["mark"] else words["T"]
            return letters, [words[c] for c in letters]
        return letters, [words[c] if self.random.random() < 0.5 else "" for c in letters]

    def table(self, facts: Sequence[Fact]) -> None:
        """The entries as rows; some cells hold two lines."""
        page, form, markup = self.page, self.choices["form"], self.markup
        letters, headings = self._columns()
        rows = []
        for fact in facts:
            texts, gold = self._fields(fact)
            if self.choices["place"] == "lines" and form in ("md", "html") and "A" in texts:
                texts["T"] += f"<br>{texts.pop('A')}"
            rows.append(([texts.get(c, "") for c in letters], gold))
        if form == "html" or self.choices["container"] == "block table":
            page.add(
                "<table>",
                *(
                    ["<tr>" + "".join(f"<th>{h}</th>" for h in headings) + "</tr>"]
                    if any(headings)
                    else []
                ),
            )
            for cells, gold in rows:
                gold["line"] = len(page.lines) + 1
                page.gold.append(gold)
                joint = "\n" if self.choices["place"] == "nested" else ""
                page.add("<tr>" + joint.join(f"<td>{c}</td>" for c in cells) + "</tr>")
            page.add("</table>", "")
            return
        begin, end, rule = "| ", " |", ["|" + "---|" * len(letters)]
        if form == "adoc":
            begin, end, rule = "| ", "", []
            page.add("|===" if not any(headings) else '[options="header"]\n|===')
        elif form == "rst":
            page.add(".. list-table::", "   :header-rows: 1", "")
        elif form == "org":
            rule = ["|" + "+".join("---" for _ in letters) + "|"]
        if form == "rst":
            page.add(*(f"   {'*' if i == 0 else ' '} - {h or '-'}" for i, h in enumerate(headings)))
        elif form != "adoc" or any(headings):
            page.add(begin + " | ".join(h or " " for h in headings) + end, *rule)
        for cells, gold in rows:
            gold["line"] = len(page.lines) + 1
            page.gold.append(gold)
            if form == "rst":
                page.add(
                    *(f"   {'*' if i == 0 else ' '} - {c or '-'}" for i, c in enumerate(cells))
                )
            else:
                page.add(begin + " | ".join(c.replace("|", "\\|") for c in cells) + end)
        page.add(*(["|==="] if form == "adoc" else []), "")
        del markup

    def csv(self) -> None:
        letters, headings = self._columns()
        joint = self.random.choice((",", ";")) if self.choices["labelled"] else ","
        if self.choices["links"] in ("title", "reference"):
            letters, headings = [*letters, "U"], [*headings, "URL"]
        page = self.page
        self.choices |= {
            "title": "plain",
            "links": "bare",
            "mark": "",
            "authors style": "plain",
            "venue style": "plain",
            "date style": "plain",
        }
        page.add(joint.join(headings))
        for fact in self.facts:
            texts, gold = self._fields(fact)
            texts["U"] = texts["L"]
            gold["line"] = len(page.lines) + 1
            page.gold.append(gold)
            page.add(joint.join('"' + texts.get(c, "").replace('"', '""') + '"' for c in letters))

    def bibtex(self) -> None:
        page, random = self.page, self.random
        kind, place = random.choice(
            (("inproceedings", "booktitle"), ("article", "journal"), ("misc", "howpublished"))
        )
        for fact in self.facts:
            _, gold = self._fields(replace(fact))
            gold |= {
                "line": len(page.lines) + 1,
                "authors": ", ".join(fact.authors),
                "venue": fact.venue if kind != "misc" else None,
                "year": fact.year,
            }
            page.gold.append(gold)
            url = (
                f"  doi = {{{gold['doi']}}},"
                if gold["doi"]
                else f"  url = {{https://arxiv.org/abs/{gold['arxiv_id']}}},"
            )
            page.add(
                f"@{kind}{{key{self.number},",
                f"  title = {{{{{fact.title}}}}},",
                f"  author = {{{' and '.join(fact.authors)}}},",
                f"  {place} = {{{fact.venue}}},",
                url,
                f"  year = {{{fact.year}}}",
                "}",
                "",
            )

    def text(self) -> None:
        page, random = self.page, self.random
        self.choices |= {"title": random.choice(("plain", "quoted")), "links": "bare"}
        apart = random.random() < 0.5
        for fact in self.facts:
            texts, gold = self._fields(fact)
            blocks = self._blocks(texts)
            gold["line"] = len(page.lines) + 1
            page.gold.append(gold)
            page.add(
                *blocks if self.choices["place"] != "inline" else [" ".join(blocks)],
                *([""] if apart or len(blocks) > 1 else []),
            )

    # -- the page ---------------------------------------------------------------------------------

    def _sections(self) -> list[tuple[str | None, list[Fact]]]:
        kind, facts = self.choices["headings"], self.facts
        if kind == "none":
            return [(None, facts)]
        if kind == "topics":
            names = self.random.sample(TOPICS[self.choices["language"]], 3)
            size = -(-len(facts) // 3)
            return [(name, facts[i * size : (i + 1) * size]) for i, name in enumerate(names)]
        found: dict[str, list[Fact]] = {}
        for fact in facts:
            name = str(fact.year) if kind == "years" else self.markup.escape(fact.venue)
            found.setdefault(name, []).append(fact)
        return list(found.items())

    def _front(self) -> None:
        page, markup, choices = self.page, self.markup, self.choices
        link = markup.link
        if choices["form"] == "html":
            page.add("<!doctype html>", "<html><head><title>Reading list</title></head><body>")
        if choices["form"] == "md" and choices["intro"] and self.random.random() < 0.3:
            page.add("---", "title: Reading list", "layout: default", "---", "")
        title = "Awesome Reading List"
        page.add(
            *(["= " + title, ""] if choices["form"] == "adoc" else markup.heading(title, 1)), ""
        )
        if choices["intro"]:
            open_, close = ("<p>", "</p>") if choices["form"] == "html" else ("", "")
            page.add(
                f"{open_}Papers that we read in our group. See "
                f"{link('our site', 'https://example.org/group')} for more.{close}",
                "",
            )
            if choices["form"] == "md":
                page.add("[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)", "")

    def _start(self) -> tuple[str, str]:
        if self.choices["form"] != "html" or self.choices["container"] not in (
            "bullet",
            "nested topic",
            "quote",
            "details",
            "definition",
        ):
            return "", ""
        tag = (
            "dl" if self.choices["container"] == "definition" else self.random.choice(("ul", "ol"))
        )
        return f"<{tag}>", f"</{tag}>"

    def write(self) -> None:
        """The whole list."""
        page, choices, markup = self.page, self.choices, self.markup
        if choices["form"] in ("csv", "bib", "txt"):
            {"csv": self.csv, "bib": self.bibtex, "txt": self.text}[choices["form"]]()
            return
        self._front()
        sections = self._sections()
        if (
            choices["contents"]
            and choices["form"] == "md"
            and choices["container"] != "nested topic"
            and sections[0][0]
        ):
            page.add(
                "## Contents",
                "",
                *(f"- [{n}](#{str(n).lower().replace(' ', '-')})" for n, _ in sections),
                "",
            )
        for name, facts in sections:
            first = len(page.gold)
            if name is not None and choices["container"] != "nested topic":
                page.add(*markup.heading(name, 2), "")
            start, end = self._start()
            page.add(*([start] if start else []))
            if "table" in choices["container"]:
                self.table(facts)
            else:
                if choices["container"] == "nested topic":
                    topic = markup.bold.format(name or "Papers")
                    mark = {"html": "<li>", "adoc": "* "}.get(choices["form"], "- ")
                    self.bullet = self.bullet if choices["form"] == "adoc" else "- "
                    page.add(
                        f"{mark}{topic}" + ("<ul>" if choices["form"] == "html" else ""),
                        *([""] if choices["form"] == "rst" else []),
                    )
                for fact in facts:
                    self._entry(fact)
                if choices["container"] == "nested topic" and choices["form"] == "html":
                    page.add("</ul></li>")
            page.add(*([end] if end else []), "")
            self._heading_gold(name, page.gold[first:])
        if choices["end"]:
            page.add(
                *markup.heading("Contributing", 2), "", "Open an issue or send a pull request.", ""
            )
        page.add(*self.references, *(["</body></html>"] if choices["form"] == "html" else []))

    def _heading_gold(self, name: str | None, rows: Sequence[Record]) -> None:
        for row in rows:
            if self.choices["headings"] == "years" and name and row["year"] is None:
                row["heading_year"] = int(name)
            if (
                self.choices["headings"] == "venues"
                and name
                and row["venue"] is None
                and self.choices["language"] == "en"
            ):
                row["heading_venue"] = name


def write_list(random: Random, facts: Sequence[Fact]) -> tuple[str, str, list[Record], Choices]:
    """(file name, text, gold records, what was chosen) of one list."""
    choices = choose(random)
    shown = dict(choices)
    writer = ListWriter(random, facts, choices)
    writer.write()
    name = (
        f"{shown['form']}-{shown['container'].replace(' ', '-')}-{shown['order']}.{shown['form']}"
    )
    return name, "\n".join(writer.page.lines) + "\n", writer.page.gold, shown
