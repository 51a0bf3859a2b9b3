"""Made-up catalogues of any size, for benchmarks."""

from __future__ import annotations

import random

from enrich.sandbox.catalogue import Catalogue, Paper, day_of, embedded

_SUBJECTS = (
    "video", "image", "text", "speech", "graph", "scene", "motion", "action", "object", "point",
    "depth", "audio", "language", "policy", "network", "sensor", "robot", "protein", "traffic",
    "market", "weather", "music", "gesture", "face", "event", "signal", "surface", "texture",
)  # fmt: skip
_METHODS = (
    "attention", "diffusion", "contrastive", "variational", "recurrent", "convolutional",
    "hierarchical", "adversarial", "bayesian", "sparse", "temporal", "spectral", "federated",
    "causal", "robust", "adaptive", "stochastic", "deep", "shallow", "geometric", "neural",
    "symbolic", "continual", "compositional", "equivariant", "masked", "streaming", "modular",
)  # fmt: skip
_TASKS = (
    "recognition", "retrieval", "segmentation", "prediction", "generation", "tracking",
    "localization", "classification", "estimation", "alignment", "compression", "planning",
    "reconstruction", "detection", "synthesis", "translation", "summarization", "forecasting",
)  # fmt: skip
_FRAMES = (
    "{M} {S} {T} with {m} {s} models", "Towards {m} {t} of {s} and {z}", "{N}: {m} {s} {t}",
    "Learning {m} {s} representations for {z} {t}", "{M} networks for {s} {t} in the wild",
    "On the {t} of {s} by {m} {z} transport", "{N}: a benchmark of {m} {s} {t}",
    "A study of {m} priors in {s} {t}", "{S} {t} without {z} labels: a {m} approach",
)  # fmt: skip
_SYLLABLES = (
    "ba", "be", "bo", "da", "de", "do", "ka", "ke", "ko", "la", "le", "lo", "ma", "me", "mo", "na",
    "ne", "no", "ra", "re", "ro", "sa", "se", "so", "ta", "te", "to", "va", "ve", "vo",
)  # fmt: skip


def synthetic(n: int, seed: int = 0, *, with_embedded: bool = True) -> Catalogue:
    """A catalogue of made-up papers with different titles, the same one for the same seed.

    Args:
        n: How many papers to make up.
        seed: Seed of the draws.
        with_embedded: Whether the embedded papers come first.

    Returns:
        The catalogue.
    """
    rng = random.Random(seed)  # noqa: S311  # repeatable, not secret
    papers: list[Paper] = list(embedded()) if with_embedded else []
    titles: set[str] = set()
    for i in range(n):
        title = made_up_title(rng)
        while title in titles:
            title = f"{title}, {rng.choice(_METHODS)} {rng.choice(_TASKS)}"
        titles.add(title)
        # Months from 2101 on, five digits: ids that no paper of the real list has.
        month = 2101 + i // 30_000 % 12 + 100 * (i // 360_000)
        arxiv = f"{month}.{90_000 - i % 30_000:05d}"
        authors = tuple(
            f"{made_up_name(rng)} {made_up_name(rng)}" for _ in range(rng.randint(1, 6))
        )
        day = f"{day_of(arxiv)}T12:00:00Z"
        papers.append(Paper(title, authors, arxiv, (day,), ("cs.LG",), invented=("all",)))
    return Catalogue(papers)


def list_of(
    catalogue: Catalogue, n: int, seed: int = 0, *, known: float = 0.5, absent: float = 0.05
) -> str:
    """A Markdown list of entries about made-up papers of a synthetic catalogue.

    Args:
        catalogue: Where the papers are drawn from.
        n: How many entries.
        seed: Seed of the draws.
        known: Share of the entries that link to arXiv; the others are titles alone.
        absent: Share of the titles alone that no catalogue has.

    Returns:
        The Markdown text.

    Raises:
        ValueError: The catalogue has fewer than `n` made-up papers.
    """
    made = [paper for paper in catalogue if paper.invented == ("all",) and not paper.why]
    if len(made) < n:
        raise ValueError(f"{n} entries need as many made-up papers, the catalogue has {len(made)}")
    rng = random.Random(seed)  # noqa: S311  # repeatable, not secret
    lines = ["# Awesome made-up papers", "", "## Papers", ""]
    for paper in rng.sample(made, n):
        if rng.random() < known:
            lines.append(f"- [{paper.title}](https://arxiv.org/abs/{paper.arxiv})")
        elif rng.random() < absent:
            name, other = made_up_name(rng) + made_up_name(rng), made_up_name(rng)
            lines.append(f"- {name}: {made_up_title(rng)} by {other} sampling")
        else:
            lines.append(f"- {paper.title}")
    return "\n".join(lines) + "\n"


def made_up_title(rng: random.Random) -> str:
    """A title as of a machine-learning paper."""
    parts = {
        "M": rng.choice(_METHODS).capitalize(), "m": rng.choice(_METHODS),
        "S": rng.choice(_SUBJECTS).capitalize(), "s": rng.choice(_SUBJECTS),
        "T": rng.choice(_TASKS), "t": rng.choice(_TASKS), "z": rng.choice(_SUBJECTS),
        "N": made_up_name(rng),
    }  # fmt: skip
    return rng.choice(_FRAMES).format(**parts)


def made_up_name(rng: random.Random) -> str:
    """A word of three syllables, for names of people and systems."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(3)).capitalize()
