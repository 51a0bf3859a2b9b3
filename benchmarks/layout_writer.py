"""Lists in random layouts, with the gold record of every entry."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

Record = dict[str, Any]
Choices = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One paper."""

    title: str
    authors: tuple[str, ...]
    venue: str
    year: int
    arxiv_id: str | None = None


# Other languages: titles are put together from parts, names and venues picked.
_PARTS: dict[str, tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]]] = {
    "de": (
        ("Ein Verfahren zur {} in {}", "Über die {} von {}", "{} für {}: eine Übersicht",
         "Zur {} mit Hilfe von {}", "Wie {} die Qualität von {} verbessert"),
        ("Erkennung", "Vorhersage", "Einbettung", "Segmentierung", "Bewertung", "Übersetzung",
         "großen Graphen", "medizinischen Bildern", "gesprochener Sprache", "Zeitreihen"),
        ("Jürgen Möller", "Anna Weiß", "Klaus Brandt", "Sabine Köhler", "Uwe Schäfer", "Heike Vogt"),
        ("Informatik Spektrum", "GI-Jahrestagung", "Künstliche Intelligenz", "it - Information Technology"),
    ),
    "fr": (
        ("Une méthode pour la {} dans {}", "Vers une {} robuste pour {}", "Étude de la {} avec {}",
         "De la {} à {} : un état de l'art", "Comment la {} transforme {}"),
        ("reconnaissance", "prédiction", "segmentation", "traduction", "détection", "recommandation",
         "les grands graphes", "les images médicales", "la parole spontanée", "les séries temporelles"),
        ("Hélène Dubois", "Jean Lefèvre", "Sophie Moreau", "Luc Girard", "Élise Roux", "Marc Petit"),
        ("Revue d'intelligence artificielle", "Conférence EGC", "Traitement du signal", "TALN"),
    ),
    "es": (
        ("Un método para la {} en {}", "Hacia una {} robusta de {}", "Estudio de la {} con {}",
         "La {} y {}: una revisión", "Cómo mejorar la {} mediante {}"),
        ("detección", "predicción", "segmentación", "traducción", "clasificación", "recomendación",
         "grandes grafos", "imágenes médicas", "lenguaje hablado", "series temporales"),
        ("María García", "José Fernández", "Lucía Romero", "Pablo Núñez", "Elena Ortiz", "Iván Castro"),
        ("Inteligencia Artificial", "Procesamiento del Lenguaje Natural", "Revista Iberoamericana de Automática", "CAEPIA"),
    ),
    "zh": (
        ("基于{}的{}方法研究", "面向{}的{}综述", "一种结合{}与{}的新模型", "{}中的{}问题", "利用{}提升{}的性能"),
        ("图神经网络", "知识图谱", "医学图像分割", "语音识别", "机器翻译", "推荐系统", "目标检测",
         "强化学习", "时间序列预测", "多模态大模型"),
        ("王小明", "李华", "张伟", "刘洋", "陈静", "赵磊", "欧阳娜"),
        ("计算机学报", "自动化学报", "软件学报", "中文信息学报"),
    ),
    "ja": (
        ("{}のための{}の研究", "{}を用いた{}手法の提案", "{}における{}の評価"),
        ("深層学習", "画像認識", "音声認識", "機械翻訳", "強化学習", "知識グラフ", "時系列予測", "物体検出"),
        ("山田太郎", "佐藤花子", "鈴木一郎", "高橋健", "田中美咲"),
        ("情報処理学会論文誌", "人工知能学会論文誌", "電子情報通信学会論文誌"),
    ),
}  # fmt: skip
_WORDS = {
    "en": dict(paper="Paper", code="Code", authors="Authors", venue="Venue", year="Year", title="Title", note="Notes", links="Links"),
    "de": dict(paper="Paper", code="Code", authors="Autoren", venue="Journal", year="Jahr", title="Titel", note="Notiz", links="Links"),
    "fr": dict(paper="PDF", code="Code", authors="Auteurs", venue="Revue", year="Année", title="Titre", note="Note", links="Liens"),
    "es": dict(paper="PDF", code="Código", authors="Autores", venue="Revista", year="Año", title="Título", note="Nota", links="Enlaces"),
    "zh": dict(paper="论文", code="代码", authors="作者", venue="会议", year="年份", title="标题", note="备注", links="链接"),
    "ja": dict(paper="論文", code="コード", authors="著者", venue="会議", year="年", title="タイトル", note="備考", links="リンク"),
}  # fmt: skip
_TOPICS = {
    "en": ("Graph Models", "Video Understanding", "Language and Reasoning", "Robustness", "Benchmarks and Datasets",
           "Generative Methods", "Theory", "Medical Applications"),
    "de": ("Grundlagen", "Anwendungen in der Medizin", "Sprache", "Graphen"),
    "fr": ("Fondements", "Applications médicales", "Langue et parole", "Graphes"),
    "es": ("Fundamentos", "Aplicaciones médicas", "Lenguaje", "Grafos"),
    "zh": ("基础理论", "医学应用", "自然语言处理", "图模型"),
    "ja": ("基礎", "医療応用", "自然言語処理", "グラフ"),
}  # fmt: skip
_NOTES = (
    "a good starting point", "introduces the benchmark used below", "strong baseline, simple code",
    "first to scale this to millions of nodes", "read section 3 first", "still unpublished data",
)  # fmt: skip
_NAMES = ("LatticeNet", "OmniQ", "FlowDet", "BERTology-X", "T2Graph", "SparX", "MoEva", "DriftGAN")


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
        "rst", lambda t, u: f"`{t} <{u}>`__", code="``{}``",
        heading=lambda t, n: [t, _RST[n - 1] * (2 * len(t)), ""], bullet=("- ", "* ", "#. "),
    ),
    "org": Markup(
        "org", lambda t, u: f"[[{u}][{t}]]", "*{}*", "/{}/", "~{}~",
        lambda t, n: ["*" * n + " " + t], " \\\\", bullet=("- ", "+ ", "1. "),
    ),
    "adoc": Markup(
        "adoc", lambda t, u: f"{u}[{t}]", "*{}*", "_{}_", "`{}`",
        lambda t, n: ["=" * n + " " + t, ""], " +", bullet=("* ", "- ", ". "),
    ),
    "html": Markup(
        "html", lambda t, u: f'<a href="{html.escape(u)}">{t}</a>', "<b>{}</b>", "<em>{}</em>",
        "<code>{}</code>", lambda t, n: [f"<h{n}>{t}</h{n}>"], "<br>", html.escape,
    ),
    "txt": Markup("txt", lambda t, u: t, "{}", "{}", "{}", lambda t, n: [t.upper(), "", ""]),
}  # fmt: skip


@dataclass
class Page:
    """The lines so far and the gold records."""

    lines: list[str] = field(default_factory=list)
    gold: list[Record] = field(default_factory=list)

    def add(self, *texts: str) -> None:
        for text in texts:
            self.lines += text.split("\n")


def foreign_facts(random: Random, language: str, count: int) -> list[Fact]:
    """Invented papers in one language, titles distinct."""
    forms, parts, people, venues = _PARTS[language]
    found: dict[str, Fact] = {}
    while len(found) < count:
        first, second = random.sample(parts, 2)
        title = random.choice(forms).format(first, second)
        authors = tuple(random.sample(people, random.randint(1, 4)))
        found[title] = Fact(title, authors, random.choice(venues), random.randint(2005, 2024))
    return list(found.values())


def choose(random: Random) -> Choices:
    """One layout."""
    pick, chance = random.choice, random.random
    form = random.choices(
        ("md", "html", "rst", "org", "adoc", "csv", "bib", "txt"), (52, 12, 8, 8, 8, 5, 2, 5)
    )[0]
    language = random.choices(("en", "de", "fr", "es", "zh", "ja"), (70, 5, 5, 5, 10, 5))[0]
    order = pick(("TAV", "TAV", "TVA", "TV", "TA", "VT", "VTA", "ATV", "AVT", "AT", "T", "TAVN", "TVN", "DTA", "DTAV", "NT"))
    container = pick(
        ("bullet", "bullet", "bullet", "table", "table", "paragraph", "heading", "nested topic")
        + (("details", "quote", "lines", "block table") if form == "md" else ())
        + (("cards", "definition", "block table", "lines") if form == "html" else ())
        + (("definition",) if form in ("adoc", "rst") else ())
    )  # fmt: skip
    title = pick(("link", "link", "link", "bold", "plain", "quoted", "italic", "bold link"))
    links = pick(("title", "labels", "labels", "boxed labels", "bare", "badge", "emoji", "reference"))
    if links in ("title", "reference") or "link" in title:
        title = title if "link" in title else "link"
    if "link" in title and links == "bare":
        links = "title"
    if form != "md" and links in ("badge", "reference", "emoji"):
        links = "labels"
    return {
        "form": form, "language": language, "order": order, "container": container,
        "title": title, "links": links, "code": chance() < 0.4,
        "place": pick(("inline", "inline", "inline", "lines", "nested", "paragraphs")),
        "labelled": chance() < 0.25, "separator": pick((" - ", ". ", ", ", " | ", " — ", "; ", " · ")),
        "authors": pick(("full", "full", "et al", "initials", "last first", "last et al", "and")),
        "authors style": pick(("plain", "plain", "italic", "by", "brackets")),
        "venue": pick(("year", "year", "short year", "comma", "no year", "in")),
        "venue style": pick(("plain", "plain", "italic", "bold", "code", "brackets", "box")),
        "year": pick(("venue", "venue", "apart", "none")), "date": pick(("{0}-{1:02}", "{0}.{1:02}", "{0}", "{1:02}/{0}", "{0}-{1:02}-11")),
        "date style": pick(("plain", "bold", "box", "code", "brackets")),
        "mark": pick(("", "", "", "🔥 ", "📄 ", "⭐ ", "[{0}] ", "({0}) ")),
        "headings": pick(("topics", "topics", "years", "venues", "none")),
        "omit": pick((0, 0, 0.15)), "intro": chance() < 0.6, "contents": chance() < 0.3, "end": chance() < 0.5,
    }  # fmt: skip


class Writer:
    """Writes one list."""

    def __init__(self, random: Random, facts: Sequence[Fact], choices: Choices) -> None:
        self.random, self.choices, self.page = random, choices, Page()
        self.markup = MARKUPS.get(choices["form"], MARKUPS["txt"])
        if choices["container"] in ("block table", "details"):
            # Inside HTML no Markdown is read.
            markup = MARKUPS["html"]
            self.markup = replace(markup, heading=self.markup.heading, bullet=self.markup.bullet)
            choices["links"] = "labels" if choices["links"] == "badge" else "title" if choices["links"] == "reference" else choices["links"]
        self.words = _WORDS[choices["language"]]
        count = random.randint(10, 30)
        if choices["language"] == "en":
            self.facts = random.sample(list(facts), count)
        else:
            self.facts = foreign_facts(random, choices["language"], count)
        self.references: list[str] = []
        self.gold: Record = {}
        self.bullet = random.choice(self.markup.bullet)
        self.number = 0

    # -- fields -----------------------------------------------------------------------------------

    def _styled(self, text: str, style: str) -> str:
        markup = self.markup
        forms = {
            "bold": markup.bold, "italic": markup.italic, "code": markup.code, "box": "[{}]",
            "brackets": "({})", "quoted": '"{}"',
        }  # fmt: skip
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
            return " ".join(f"[![{t}](https://img.shields.io/badge/{t}-red)]({u})" for t, u in found)
        form = "[{}]" if kind == "boxed labels" else "{}"
        joint = self.random.choice((" ", " | ", ", ")) if kind == "labels" else " "
        return joint.join(form.format(link(t, u)) for t, u in found)

    def _fields(self, fact: Fact) -> tuple[dict[str, str], Record]:
        """The texts of an entry's fields, and its gold record."""
        random, choices = self.random, self.choices
        self.number += 1
        month = random.randint(1, 12)
        arxiv = fact.arxiv_id or (f"{fact.year % 100:02}{month:02}.{random.randint(1, 9999):05}" if fact.year > 2014 and random.random() < 0.6 else None)
        doi = None if arxiv else f"10.{random.randint(1000, 9999)}/{random.randint(10**6, 10**7)}.{self.number}"
        url = f"https://arxiv.org/{random.choice(('abs', 'pdf'))}/{arxiv}" if arxiv else f"https://doi.org/{doi}"
        repository = f"https://github.com/lab{self.number}/{fact.authors[0].split()[-1].lower()}-code" if choices["code"] and random.random() < 0.6 else None
        order = choices["order"]
        has = {letter: random.random() >= choices["omit"] for letter in "AV"}
        texts = {"T": self._title(fact, url), "L": self._links(url, repository)}
        gold: Record = {
            "title": fact.title, "kind": "paper", "authors": None, "venue": None, "year": None,
            "arxiv_id": arxiv, "doi": doi, "n_links": 1, "heading_year": None, "heading_venue": None,
        }  # fmt: skip
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
            texts["D"] = self._styled(choices["date"].format(fact.year, month), choices["date style"])
            gold["year"] = fact.year
        if "N" in order and order != "NT" and random.random() < 0.8:
            texts["N"] = random.choice(_NOTES)
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
                name = f"{self.random.choice(_NAMES)}{self.number}"
                text = f"{name}: {text}"
                if self.choices["title"] == "plain":
                    self.gold["title"] = f"{name}: {self.gold['title']}"
            if self.choices["labelled"] and letter in "AVD" and self.choices["place"] != "inline":
                text = f"{self.words[{'A': 'authors', 'V': 'venue', 'D': 'year'}[letter]]}: {text}"
            if not result:
                result = text
            elif result.endswith("al.") and separator == ". ":
                result += " " + text
            elif text[:1] in "([" and separator not in (" | ", " · ") or text.startswith("by "):
                result += " " + text
            else:
                result += separator.lstrip() + text if result[-1] in "?!." and separator[0] in ".,;" else separator + text
        return result

    def _blocks(self, texts: dict[str, str]) -> list[str]:
        """The lines of an entry: all on one, or the title's first and the others below."""
        parts = self._order(texts)
        links = texts["L"]
        mark = self.choices["mark"].format(self.number)
        if self.choices["place"] == "inline":
            joint = " " if links[:1] in "[!" or self.choices["separator"] in (". ", ", ", "; ") else self.choices["separator"]
            return [f"{mark}{self._line(parts)}{joint + links if links else ''}"]
        head = [part for part in parts if part[0] == "T"]
        lines = [mark + self._line(head)]
        lines += [self._line([part]) for part in parts if part[0] != "T"]
        return [*lines, *([links] if links else [])]

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
            page.add(f"<details><summary>{blocks[0]}</summary>", "", *self._body(blocks[1:]), "</details>", "")
            gold["line"] += 0
        elif container == "quote":
            page.add(*("> " + line for line in breaks.join(blocks).split("\n")), "")
        elif container == "lines":
            page.add(blocks[0] + markup.line_break, *(b + markup.line_break for b in blocks[1:]))
        elif container == "paragraph":
            page.add(*((b if choices["place"] != "paragraphs" else b + "\n") for b in breaks.join(blocks).split("\n")), "")
        elif container == "definition":
            if choices["form"] == "adoc":
                page.add(f"{blocks[0]}::", *(f"  {b}" + (" +" if i < len(blocks) - 2 else "") for i, b in enumerate(blocks[1:] or ["see above"])))
            else:
                page.add(blocks[0], *(f"   {line}" for b in blocks[1:] or ["see above"] for line in (b, "")))
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
                page.add(f"{bullet[0] * (3 if indent else 2)} {block}" if below == "nested" else f"+\n{block}")
            return
        page.add(indent + bullet + blocks[0])
        if below == "nested":
            gap = [""] if form == "rst" else []
            page.add(*gap, *(f"{indent}{width}- {b}" for b in blocks[1:]), *gap)
        elif below == "paragraphs" or form == "rst":
            page.add(*(line for b in blocks[1:] for line in ("", f"{indent}{width}{b}")), *([""] if len(blocks) > 1 else []))
        else:
            if len(blocks) > 1:
                page.lines[-1] += self.markup.line_break
            page.add(*(f"{indent}{width}{b}{self.markup.line_break if i < len(blocks) - 2 else ''}" for i, b in enumerate(blocks[1:])))

    def _html_entry(self, container: str, blocks: list[str]) -> None:
        page, below = self.page, self.choices["place"]
        rest = "<ul>" + "".join(f"<li>{b}</li>" for b in blocks[1:]) + "</ul>" if below == "nested" and blocks[1:] else "".join(f"<br>\n{b}" for b in blocks[1:])
        if container == "cards":
            page.add('<div class="card">', f"<h4>{blocks[0]}</h4>", *(f"<p>{b}</p>" for b in blocks[1:]), "</div>")
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

    # -- tables and records -----------------------------------------------------------------------

    def _columns(self) -> tuple[list[str], list[str]]:
        """(letters, headings) of a table's columns."""
        letters = [c for c in self.choices["order"] if c in "TAVDN" ]
        if "V" in letters and self.choices["year"] == "apart" and "D" not in letters:
            letters.insert(letters.index("V") + 1, "D")
        if self.choices["links"] not in ("title", "reference"):
            letters.append("L")
        words = {k: self.words[n] for k, n in zip("TAVDNL", ("title", "authors", "venue", "year", "note", "links"), strict=True)}
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
            page.add("<table>", *(["<tr>" + "".join(f"<th>{h}</th>" for h in headings) + "</tr>"] if any(headings) else []))
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
                page.add(*(f"   {'*' if i == 0 else ' '} - {c or '-'}" for i, c in enumerate(cells)))
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
        self.choices |= {"title": "plain", "links": "bare", "mark": "", "authors style": "plain", "venue style": "plain", "date style": "plain"}
        page.add(joint.join(headings))
        for fact in self.facts:
            texts, gold = self._fields(fact)
            texts["U"] = texts["L"]
            gold["line"] = len(page.lines) + 1
            page.gold.append(gold)
            page.add(joint.join('"' + texts.get(c, "").replace('"', '""') + '"' for c in letters))

    def bibtex(self) -> None:
        page, random = self.page, self.random
        kind, place = random.choice((("inproceedings", "booktitle"), ("article", "journal"), ("misc", "howpublished")))
        for fact in self.facts:
            _, gold = self._fields(replace(fact))
            gold |= {"line": len(page.lines) + 1, "authors": ", ".join(fact.authors), "venue": fact.venue if kind != "misc" else None, "year": fact.year}
            page.gold.append(gold)
            url = f"  doi = {{{gold['doi']}}}," if gold["doi"] else f"  url = {{https://arxiv.org/abs/{gold['arxiv_id']}}},"
            page.add(f"@{kind}{{key{self.number},", f"  title = {{{{{fact.title}}}}},", f"  author = {{{' and '.join(fact.authors)}}},", f"  {place} = {{{fact.venue}}},", url, f"  year = {{{fact.year}}}", "}", "")

    def text(self) -> None:
        page, random = self.page, self.random
        self.choices |= {"title": random.choice(("plain", "quoted")), "links": "bare"}
        apart = random.random() < 0.5
        for fact in self.facts:
            texts, gold = self._fields(fact)
            blocks = self._blocks(texts)
            gold["line"] = len(page.lines) + 1
            page.gold.append(gold)
            page.add(*blocks if self.choices["place"] != "inline" else [" ".join(blocks)], *([""] if apart or len(blocks) > 1 else []))

    # -- the page ---------------------------------------------------------------------------------

    def _sections(self) -> list[tuple[str | None, list[Fact]]]:
        kind, facts = self.choices["headings"], self.facts
        if kind == "none":
            return [(None, facts)]
        if kind == "topics":
            names = self.random.sample(_TOPICS[self.choices["language"]], 3)
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
        page.add(*(["= " + title, ""] if choices["form"] == "adoc" else markup.heading(title, 1)), "")
        if choices["intro"]:
            open_, close = ("<p>", "</p>") if choices["form"] == "html" else ("", "")
            page.add(f"{open_}This is a list of papers that we read in our group. See {link('our site', 'https://example.org/group')} for more.{close}", "")
            if choices["form"] == "md":
                page.add("[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)", "")

    def _start(self) -> tuple[str, str]:
        if self.choices["form"] != "html" or self.choices["container"] not in ("bullet", "nested topic", "quote", "details", "definition"):
            return "", ""
        tag = "dl" if self.choices["container"] == "definition" else self.random.choice(("ul", "ol"))
        return f"<{tag}>", f"</{tag}>"

    def write(self) -> None:
        """The whole list."""
        page, choices, markup = self.page, self.choices, self.markup
        if choices["form"] in ("csv", "bib", "txt"):
            {"csv": self.csv, "bib": self.bibtex, "txt": self.text}[choices["form"]]()
            return
        self._front()
        sections = self._sections()
        if choices["contents"] and choices["form"] == "md" and choices["container"] != "nested topic" and sections[0][0]:
            page.add("## Contents", "", *(f"- [{n}](#{str(n).lower().replace(' ', '-')})" for n, _ in sections), "")
        for name, facts in sections:
            first = len(page.gold)
            if name is not None and not (choices["container"] == "nested topic"):
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
                    page.add(f"{mark}{topic}" + ("<ul>" if choices["form"] == "html" else ""), *([""] if choices["form"] == "rst" else []))
                for fact in facts:
                    self._entry(fact)
                if choices["container"] == "nested topic" and choices["form"] == "html":
                    page.add("</ul></li>")
            page.add(*([end] if end else []), "")
            self._heading_gold(name, page.gold[first:])
        if choices["end"]:
            page.add(*markup.heading("Contributing", 2), "", "Open an issue or send a pull request.", "")
        page.add(*self.references, *(["</body></html>"] if choices["form"] == "html" else []))

    def _heading_gold(self, name: str | None, rows: Sequence[Record]) -> None:
        for row in rows:
            if self.choices["headings"] == "years" and name and row["year"] is None:
                row["heading_year"] = int(name)
            if self.choices["headings"] == "venues" and name and row["venue"] is None and self.choices["language"] == "en":
                row["heading_venue"] = name


def write_list(random: Random, facts: Sequence[Fact]) -> tuple[str, str, list[Record], Choices]:
    """(file name, text, gold records, what was chosen) of one list."""
    choices = choose(random)
    shown = dict(choices)
    writer = Writer(random, facts, choices)
    writer.write()
    name = f"{shown['form']}-{shown['container'].replace(' ', '-')}-{shown['order']}.{shown['form']}"
    return name, "\n".join(writer.page.lines) + "\n", writer.page.gold, shown
