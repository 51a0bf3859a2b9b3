"""The wheel: installed into an empty environment, it runs outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from enrich.version import __version__

REPO = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_wheel_runs_the_demo_in_an_empty_environment(tmp_path: Path) -> None:
    """Build, install and `enrich demo` work without the repository, and the report is there."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "ENRICH_OUT")}

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", "dist", str(REPO))
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert f"enrich-{__version__}-" in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "flows/"))]
    run(sys.executable, "-m", "venv", "empty")
    constraints = str(REPO / "constraints.txt")
    run("empty/bin/python", *pip, "install", "-c", constraints, str(wheel))
    run("empty/bin/enrich", "demo", "--quiet")
    assert "48" in run("empty/bin/enrich", "ls", "--sandbox")
    report = run("empty/bin/enrich", "open", "--print", "--sandbox").strip()
    assert (tmp_path / report).is_file()
