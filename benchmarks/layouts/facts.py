"""Papers that the lists are written of: from gold records, and invented ones in other languages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

SAFE = re.compile(r"[A-Z][\w \-:,'?()&.!/+]{10,140}")
NAME = re.compile(r"[^\W\d_][^\W\d_.'-]*(?: [^\W\d_][^\W\d_.'-]*\.?){1,3}")


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
        (
            "Ein Verfahren zur {} in {}",
            "Über die {} von {}",
            "{} für {}: eine Übersicht",
            "Zur {} mit Hilfe von {}",
            "Wie {} die Qualität von {} verbessert",
        ),
        (
            "Erkennung",
            "Vorhersage",
            "Einbettung",
            "Segmentierung",
            "Bewertung",
            "Übersetzung",
            "großen Graphen",
            "medizinischen Bildern",
            "gesprochener Sprache",
            "Zeitreihen",
        ),
        (
            "Jürgen Möller",
            "Anna Weiß",
            "Klaus Brandt",
            "Sabine Köhler",
            "Uwe Schäfer",
            "Heike Vogt",
        ),
        (
            "Informatik Spektrum",
            "GI-Jahrestagung",
            "Künstliche Intelligenz",
            "it - Information Technology",
        ),
    ),
    "fr": (
        (
            "Une méthode pour la {} dans {}",
            "Vers une {} robuste pour {}",
            "Étude de la {} avec {}",
            "De la {} à {} : un état de l'art",
            "Comment la {} transforme {}",
        ),
        (
            "reconnaissance",
            "prédiction",
            "segmentation",
            "traduction",
            "détection",
            "recommandation",
            "les grands graphes",
            "les images médicales",
            "la parole spontanée",
            "les séries temporelles",
        ),
        (
            "Hélène Dubois",
            "Jean Lefèvre",
            "Sophie Moreau",
            "Luc Girard",
            "Élise Roux",
            "Marc Petit",
        ),
        ("Revue d'intelligence artificielle", "Conférence EGC", "Traitement du signal", "TALN"),
    ),
    "es": (
        (
            "Un método para la {} en {}",
            "Hacia una {} robusta de {}",
            "Estudio de la {} con {}",
            "La {} y {}: una revisión",
            "Cómo mejorar la {} mediante {}",
        ),
        (
            "detección",
            "predicción",
            "segmentación",
            "traducción",
            "clasificación",
            "recomendación",
            "grandes grafos",
            "imágenes médicas",
            "lenguaje hablado",
            "series temporales",
        ),
        (
            "María García",
            "José Fernández",
            "Lucía Romero",
            "Pablo Núñez",
            "Elena Ortiz",
            "Iván Castro",
        ),
        (
            "Inteligencia Artificial",
            "Procesamiento del Lenguaje Natural",
            "Revista Iberoamericana de Automática",
            "CAEPIA",
        ),
    ),
    "zh": (
        (
            "基于{}的{}方法研究",
            "面向{}的{}综述",
            "一种结合{}与{}的新模型",
            "{}中的{}问题",
            "利用{}提升{}的性能",
        ),
        (
            "图神经网络",
            "知识图谱",
            "医学图像分割",
            "语音识别",
            "机器翻译",
            "推荐系统",
            "目标检测",
            "强化学习",
            "时间序列预测",
            "多模态大模型",
        ),
        ("王小明", "李华", "张伟", "刘洋", "陈静", "赵磊", "欧阳娜"),
        ("计算机学报", "自动化学报", "软件学报", "中文信息学报"),
    ),
    "ja": (
        ("{}のための{}の研究", "{}を用いた{}手法の提案", "{}における{}の評価"),
        (
            "深層学習",
            "画像認識",
            "音声認識",
            "機械翻訳",
            "強化学習",
            "知識グラフ",
            "時系列予測",
            "物体検出",
        ),
        ("山田太郎", "佐藤花子", "鈴木一郎", "高橋健", "田中美咲"),
        ("情報処理学会論文誌", "人工知能学会論文誌", "電子情報通信学会論文誌"),
    ),
}
WORDS = {
    "en": {
        "paper": "Paper",
        "code": "Code",
        "authors": "Authors",
        "venue": "Venue",
        "year": "Year",
        "title": "Title",
        "note": "Notes",
        "links": "Links",
    },
    "de": {
        "paper": "Paper",
        "code": "Code",
        "authors": "Autoren",
        "venue": "Journal",
        "year": "Jahr",
        "title": "Titel",
        "note": "Notiz",
        "links": "Links",
    },
    "fr": {
        "paper": "PDF",
        "code": "Code",
        "authors": "Auteurs",
        "venue": "Revue",
        "year": "Année",
        "title": "Titre",
        "note": "Note",
        "links": "Liens",
    },
    "es": {
        "paper": "PDF",
        "code": "Código",
        "authors": "Autores",
        "venue": "Revista",
        "year": "Año",
        "title": "Título",
        "note": "Nota",
        "links": "Enlaces",
    },
    "zh": {
        "paper": "论文",
        "code": "代码",
        "authors": "作者",
        "venue": "会议",
        "year": "年份",
        "title": "标题",
        "note": "备注",
        "links": "链接",
    },
    "ja": {
        "paper": "論文",
        "code": "コード",
        "authors": "著者",
        "venue": "会議",
        "year": "年",
        "title": "タイトル",
        "note": "備考",
        "links": "リンク",
    },
}
TOPICS = {
    "en": (
        "Graph Models",
        "Video Understanding",
        "Language and Reasoning",
        "Robustness",
        "Benchmarks and Datasets",
        "Generative Methods",
        "Theory",
        "Medical Applications",
    ),
    "de": ("Grundlagen", "Anwendungen in der Medizin", "Sprache", "Graphen"),
    "fr": ("Fondements", "Applications médicales", "Langue et parole", "Graphes"),
    "es": ("Fundamentos", "Aplicaciones médicas", "Lenguaje", "Grafos"),
    "zh": ("基础理论", "医学应用", "自然语言处理", "图模型"),
    "ja": ("基礎", "医療応用", "自然言語処理", "グラフ"),
}
NOTES = (
    "a good starting point",
    "introduces the benchmark used below",
    "strong baseline, simple code",
    "first to scale this to millions of nodes",
    "read section 3 first",
    "still unpublished data",
)
NAMES = ("LatticeNet", "OmniQ", "FlowDet", "BERTology-X", "T2Graph", "SparX", "MoEva", "DriftGAN")


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


def read_facts(folder: Path) -> list[Fact]:
    """Papers of the gold records whose title, authors, venue and year are all known."""
    facts = {}
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        title = row["title"]
        authors = [name.strip() for name in re.split(r",|\band\b|&", row["authors"] or "")]
        whole = all(NAME.fullmatch(name) and "et al" not in name for name in authors)
        balanced = title.count("(") == title.count(")")
        if not (whole and balanced and row["venue"] and row["year"] and SAFE.fullmatch(title)):
            continue
        venue = re.sub(r"[\s,]*\b(?:19|20)\d\d\b", "", row["venue"]).strip(" ,.-()")
        if venue.isascii() and 2 <= len(venue) <= 80 and "[" not in venue:
            year, arxiv_id = row["year"], row["arxiv_id"]
            facts[title] = Fact(title.rstrip("."), tuple(authors), venue, year, arxiv_id)
    return list(facts.values())
