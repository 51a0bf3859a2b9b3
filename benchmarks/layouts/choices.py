"""What is chosen at random for a list, and how each format writes links and styles."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Choices = dict[str, Any]


def _md_link(text: str, url: str) -> str:
    return f"[{text}]({url})"


@dataclass(frozen=True)
class Markup:
    """How one format writes links and styles."""

    suffix: str
    link: Callable[[str, str], str]
    bold: str = "**{}**"
    italic: str = "*{}*"
    code: str = "`{}`"
    heading: Callable[[str, int], list[str]] = lambda t, n: ["#" * n + " " + t]
    line_break: str = "  "
    escape: Callable[[str], str] = str
    bullet: tuple[str, ...] = ("- ", "* ", "+ ", "1. ", "- [x] ")


_RST = "=-~^"
MARKUPS = {
    "md": Markup("md", _md_link),
    "rst": Markup(
        "rst",
        lambda t, u: f"`{t} <{u}>`__",
        code="``{}``",
        heading=lambda t, n: [t, _RST[n - 1] * (2 * len(t)), ""],
        bullet=("- ", "* ", "#. "),
    ),
    "org": Markup(
        "org",
        lambda t, u: f"[[{u}][{t}]]",
        "*{}*",
        "/{}/",
        "~{}~",
        lambda t, n: ["*" * n + " " + t],
        " \\\\",
        bullet=("- ", "+ ", "1. "),
    ),
    "adoc": Markup(
        "adoc",
        lambda t, u: f"{u}[{t}]",
        "*{}*",
        "_{}_",
        "`{}`",
        lambda t, n: ["=" * n + " " + t, ""],
        " +",
        bullet=("* ", "- ", ". "),
    ),
    "html": Markup(
        "html",
        lambda t, u: f'<a href="{html.escape(u)}">{t}</a>',
        "<b>{}</b>",
        "<em>{}</em>",
        "<code>{}</code>",
        lambda t, n: [f"<h{n}>{t}</h{n}>"],
        "<br>",
        html.escape,
    ),
    "txt": Markup("txt", lambda t, u: t, "{}", "{}", "{}", lambda t, n: [t.upper(), "", ""]),
}


def choose(random: Random) -> Choices:
    """One layout."""
    pick, chance = random.choice, random.random
    form = random.choices(
        ("md", "html", "rst", "org", "adoc", "csv", "bib", "txt"), (52, 12, 8, 8, 8, 5, 2, 5)
    )[0]
    language = random.choices(("en", "de", "fr", "es", "zh", "ja"), (70, 5, 5, 5, 10, 5))[0]
    order = pick(
        (
            "TAV",
            "TAV",
            "TVA",
            "TV",
            "TA",
            "VT",
            "VTA",
            "ATV",
            "AVT",
            "AT",
            "T",
            "TAVN",
            "TVN",
            "DTA",
            "DTAV",
            "NT",
        )
    )
    container = pick(
        ("bullet", "bullet", "bullet", "table", "table", "paragraph", "heading", "nested topic")
        + (("details", "quote", "lines", "block table") if form == "md" else ())
        + (("cards", "definition", "block table", "lines") if form == "html" else ())
        + (("definition",) if form in ("adoc", "rst") else ())
    )
    title = pick(("link", "link", "link", "bold", "plain", "quoted", "italic", "bold link"))
    links = pick(
        ("title", "labels", "labels", "boxed labels", "bare", "badge", "emoji", "reference")
    )
    if links in ("title", "reference") or "link" in title:
        title = title if "link" in title else "link"
    if "link" in title and links == "bare":
        links = "title"
    if form != "md" and links in ("badge", "reference", "emoji"):
        links = "labels"
    return {
        "form": form,
        "language": language,
        "order": order,
        "container": container,
        "title": title,
        "links": links,
        "code": chance() < 0.4,
        "place": pick(("inline", "inline", "inline", "lines", "nested", "paragraphs")),
        "labelled": chance() < 0.25,
        "separator": pick((" - ", ". ", ", ", " | ", " — ", "; ", " · ")),
        "authors": pick(("full", "full", "et al", "initials", "last first", "last et al", "and")),
        "authors style": pick(("plain", "plain", "italic", "by", "brackets")),
        "venue": pick(("year", "year", "short year", "comma", "no year", "in")),
        "venue style": pick(("plain", "plain", "italic", "bold", "code", "brackets", "box")),
        "year": pick(("venue", "venue", "apart", "none")),
        "date": pick(("{0}-{1:02}", "{0}.{1:02}", "{0}", "{1:02}/{0}", "{0}-{1:02}-11")),
        "date style": pick(("plain", "bold", "box", "code", "brackets")),
        "mark": pick(("", "", "", "🔥 ", "📄 ", "⭐ ", "[{0}] ", "({0}) ")),
        "headings": pick(("topics", "topics", "years", "venues", "none")),
        "omit": pick((0, 0, 0.15)),
        "intro": chance() < 0.6,
        "contents": chance() < 0.3,
        "end": chance() < 0.5,
    }
