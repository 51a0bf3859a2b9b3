"""Entries in their containers: bullets, headings, paragraphs, definitions, HTML."""

from __future__ import annotations

from collections.abc import Sequence

from layouts.facts import Fact
from layouts.fields import FieldWriter


class EntryWriter(FieldWriter):
    """Writes entries one by one."""

    def _entry(self, fact: Fact) -> None:
        choices, page, markup = self.choices, self.page, self.markup
        texts, gold = self._fields(fact)
        blocks = self._blocks(texts)
        container = choices["container"]
        gold["line"] = len(page.lines) + 1
        page.gold.append(gold)
        breaks = f"{markup.line_break}\n"
        if choices["form"] == "html":
            self._html_entry(container, blocks)
        elif container == "heading":
            page.add(*markup.heading(blocks[0], 3), "", *self._body(blocks[1:]))
        elif container == "details":
            page.add(
                f"<details><summary>{blocks[0]}</summary>",
                "",
                *self._body(blocks[1:]),
                "</details>",
                "",
            )
            gold["line"] += 0
        elif container == "quote":
            page.add(*("> " + line for line in breaks.join(blocks).split("\n")), "")
        elif container == "lines":
            page.add(blocks[0] + markup.line_break, *(b + markup.line_break for b in blocks[1:]))
        elif container == "paragraph":
            page.add(
                *(
                    (b if choices["place"] != "paragraphs" else b + "\n")
                    for b in breaks.join(blocks).split("\n")
                ),
                "",
            )
        elif container == "definition":
            if choices["form"] == "adoc":
                page.add(
                    f"{blocks[0]}::",
                    *(
                        f"  {b}" + (" +" if i < len(blocks) - 2 else "")
                        for i, b in enumerate(blocks[1:] or ["see above"])
                    ),
                )
            else:
                page.add(
                    blocks[0],
                    *(f"   {line}" for b in blocks[1:] or ["see above"] for line in (b, "")),
                )
        else:
            self._bullet_entry(container, blocks)

    def _body(self, blocks: Sequence[str]) -> list[str]:
        if not blocks:
            return []
        if self.choices["place"] == "nested":
            return [*(("* " if self.choices["form"] == "adoc" else "- ") + b for b in blocks), ""]
        if self.choices["place"] == "paragraphs":
            return [line for b in blocks for line in (b, "")]
        return [*f"{self.markup.line_break}\n".join(blocks).split("\n"), ""]

    def _bullet_entry(self, container: str, blocks: list[str]) -> None:
        page, form = self.page, self.choices["form"]
        bullet = self.bullet
        indent = "  " if container == "nested topic" else ""
        width = " " * len(bullet.replace("[x] ", ""))
        below = self.choices["place"]
        if form == "adoc":
            mark = bullet[0] * (2 if indent else 1)
            page.add(f"{mark} {blocks[0]}")
            for block in blocks[1:]:
                page.add(
                    f"{bullet[0] * (3 if indent else 2)} {block}"
                    if below == "nested"
                    else f"+\n{block}"
                )
            return
        page.add(indent + bullet + blocks[0])
        if below == "nested":
            gap = [""] if form == "rst" else []
            page.add(*gap, *(f"{indent}{width}- {b}" for b in blocks[1:]), *gap)
        elif below == "paragraphs" or form == "rst":
            page.add(
                *(line for b in blocks[1:] for line in ("", f"{indent}{width}{b}")),
                *([""] if len(blocks) > 1 else []),
            )
        else:
            if len(blocks) > 1:
                page.lines[-1] += self.markup.line_break
            page.add(
                *(
                    f"{indent}{width}{b}{self.markup.line_break if i < len(blocks) - 2 else ''}"
                    for i, b in enumerate(blocks[1:])
                )
            )

    def _html_entry(self, container: str, blocks: list[str]) -> None:
        page, below = self.page, self.choices["place"]
        rest = (
            "<ul>" + "".join(f"<li>{b}</li>" for b in blocks[1:]) + "</ul>"
            if below == "nested" and blocks[1:]
            else "".join(f"<br>\n{b}" for b in blocks[1:])
        )
        if container == "cards":
            page.add(
                '<div class="card">',
                f"<h4>{blocks[0]}</h4>",
                *(f"<p>{b}</p>" for b in blocks[1:]),
                "</div>",
            )
        elif container == "definition":
            page.add(f"<dt>{blocks[0]}</dt>", *(f"<dd>{b}</dd>" for b in blocks[1:]))
        elif container == "heading":
            page.add(f"<h3>{blocks[0]}</h3>", *(f"<p>{b}</p>" for b in blocks[1:]))
        elif container == "lines":
            page.add("<br>\n".join(blocks) + "<br>")
        elif container == "paragraph":
            page.add(f"<p>{blocks[0]}{rest}</p>")
        else:
            page.add(f"<li>{blocks[0]}{rest}</li>")
