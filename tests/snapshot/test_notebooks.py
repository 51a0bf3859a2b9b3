"""The notebooks run from top to bottom on real snapshots and draw what they promise."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from tests.snapshot.conftest import publish_growing

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
# Notebook -> how many plots it draws.
PLOTS = {
    "1-first-look": 2,
    "2-citations-over-time": 2,
    "3-co-authors": 2,
    "4-citation-network": 2,
}
# Addresses of a machine: nothing of the one that ran the notebooks is in their outputs.
PATHS = re.compile(r"/(?:home|Users|root|tmp|var|work)/")


def test_every_notebook_is_known_and_shows_its_outputs() -> None:
    """Outputs are stored, so that the repository's pages show them, without paths or warnings."""
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(PLOTS)
    for name in PLOTS:
        notebook = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
        outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
        assert sum("image/png" in o.get("data", {}) for o in outputs) == PLOTS[name]
        assert not [o for o in outputs if o.get("name") == "stderr"]
        assert not PATHS.search(json.dumps([{**o, "data": _texts(o)} for o in outputs]))


def _texts(output: Any) -> dict[str, Any]:
    return {kind: data for kind, data in output.get("data", {}).items() if kind != "image/png"}


def execute(name: str, folder: Path, out: Path) -> Any:
    """The notebook, run in `folder` on the snapshots under `out`."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=90, kernel_name="python3", resources=where)
    client.execute(env={**os.environ, "ENRICH_OUT": str(out)})
    return notebook


def plots(notebook: Any) -> int:
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    images = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    assert all(len(image) > 5_000 for image in images)
    return len(images)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLOTS)
def test_notebook_runs_on_the_demo(demo: Path, name: str) -> None:
    """Each notebook runs on the snapshot of the demo and draws its plots."""
    assert plots(execute(name, demo, demo / "data/enriched")) == PLOTS[name]


@pytest.mark.slow
def test_citations_over_several_snapshots(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Several snapshots become a time series: one observation per run."""
    publish_growing(make_run, clock, tmp_path, snapshots=4, entries=5, gain=7, days=7)
    notebook = execute("2-citations-over-time", tmp_path, tmp_path)
    assert plots(notebook) == PLOTS["2-citations-over-time"]
    printed = "".join(o.get("text", "") for cell in notebook.cells for o in cell.get("outputs", []))
    assert "20 observations of 5 papers" in printed
