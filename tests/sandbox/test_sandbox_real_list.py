"""The real list against the sandbox: its papers are found, its look-alikes are not attached."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from enrich.cli.run import main

LIST = Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"

# How an entry's title begins, in lower case, and the paper it means.
TRUTH = {
    "how2: a large-scale dataset": "arxiv:1811.00347",
    "tsm: temporal shift module": "arxiv:1811.08383",
    "long-term feature banks": "arxiv:1812.05038",
    "deep learning for video classification": "arxiv:1609.06782",
    "large-scale video classification": "doi:10.1109/cvpr.2014.223",
    "learning spatiotemporal features": "arxiv:1412.0767",
    "two-stream convolutional networks": "arxiv:1406.2199",
    "action recognition with trajectory": "arxiv:1505.04868",
    "non-local neural networks": "arxiv:1711.07971",
    "learning correspondence": "arxiv:1903.07593",
    "videobert": "arxiv:1904.01766",
    "aenet": "arxiv:1701.00599",
    "look, listen and learn": "arxiv:1705.08168",
    "objects that sound": "arxiv:1712.06651",
    "learning to separate object sounds": "arxiv:1804.01665",
    "ambient sound provides": "arxiv:1608.07017",
    "localizing moments in video": "arxiv:1708.01641",
    "use what you have": "arxiv:1907.13487",
    "howto100m": "arxiv:1906.03327",
    "learning a text-video embedding": "arxiv:1804.02516",
    "cross-modal and hierarchical": "arxiv:1810.07212",
    "a dataset for movie description": "arxiv:1501.02530",
    "automatic understanding of image": "arxiv:1707.03067",
    "story understanding in video": "arxiv:1807.11122",
    "advise": "arxiv:1711.06666",
    "from recognition to cognition": "arxiv:1811.10830",
    "video highlight prediction": "arxiv:1707.08559",
    "audio-visual scene-aware dialog": "arxiv:1901.09107",
}
# In the list but known to neither service, with look-alikes that are.
ABSENT = ("web-scale multimedia search", "multimodal representation of advertisements")


def test_every_paper_is_found_and_none_wrongly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each paper the catalogue holds is resolved to itself; those it lacks stay open."""
    for name in [n for n in os.environ if n.startswith("ENRICH_") or n == "S2_API_KEY"]:
        monkeypatch.delenv(name)
    assert main(["--sandbox", "--json", "--out", str(tmp_path / "out"), str(LIST)]) == 0
    summary = json.loads(capsys.readouterr().out)
    rows = pq.read_table(Path(summary["path"]) / "enriched.parquet").to_pylist()

    papers = [row for row in rows if row["kind"] == "paper" or row["status"] == "resolved"]
    found = {}
    for row in papers:
        title = row["title"].lower()
        means = next((p for start, p in TRUTH.items() if title.startswith(start)), None)
        if means is None:
            assert title.startswith(ABSENT), f"TRUTH lacks {row['title']!r}"
            assert row["status"] in ("unresolved", "ambiguous")
            continue
        found[means] = row["status"], str(row["paper_id"]).lower()
    assert found == {means: ("resolved", means) for means in TRUTH.values()}
