"""Seconds that a newcomer waits: `python benchmarks/newcomer.py [clone] [wheel] [nightly]`.

clone: `git clone` of this repository, then `make demo`, up to the report.
wheel: the wheel into an empty environment, then `enrich demo`, up to the report; the wheel is built
    before the clock starts.
nightly: the commands of docs/scheduling.md, from an installed checkout to the end of the first run
    of the nightly deployment, against the stand-in services.

The first two need a package index; its speed is part of the figure, as it is for a newcomer.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

REPO: Final = Path(__file__).resolve().parents[1]
LIST: Final = "awesome-deep-learning-for-video-analysis"
sys.path.insert(0, str(REPO / "flows"))


def run(*command: str, cwd: Path, env: Mapping[str, str]) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def clone(folder: Path, env: Mapping[str, str]) -> float:
    """Seconds from `git clone` to the demo's report."""
    began = time.monotonic()
    run("git", "clone", "-q", str(REPO), "enrich", cwd=folder, env=env)
    run("make", "demo", cwd=folder / "enrich", env=env)
    seconds = time.monotonic() - began
    assert (folder / "enrich" / "data" / "sandbox" / LIST / "report.html").is_file()
    return seconds


def wheel(folder: Path, env: Mapping[str, str]) -> float:
    """Seconds from a wheel and no environment to the demo's report."""
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "wheel", "--no-deps", "-w", "dist", str(REPO), cwd=folder, env=env)
    (built,) = (folder / "dist").glob("*.whl")
    began = time.monotonic()
    run(sys.executable, "-m", "venv", "empty", cwd=folder, env=env)
    constraints = str(REPO / "constraints.txt")
    run("empty/bin/python", *pip, "install", "-c", constraints, str(built), cwd=folder, env=env)
    run("empty/bin/enrich", "demo", "-q", cwd=folder, env=env)
    seconds = time.monotonic() - began
    assert (folder / "data" / "sandbox" / LIST / "report.html").is_file()
    return seconds


def nightly(folder: Path, env: Mapping[str, str]) -> float:
    """Seconds from the first command of docs/scheduling.md to the end of the deployment's run."""
    import demo

    programs = Path(sys.executable).parent
    prefect = str(programs / "prefect")
    run("git", "clone", "-q", str(REPO), "enrich", cwd=folder, env=env)
    work = folder / "enrich"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    began = time.monotonic()
    with demo.server(folder, port) as server:
        given = {**env, **server, "PATH": f"{programs}{os.pathsep}{env['PATH']}"}
        run(sys.executable, "flows/setup.py", cwd=work, env=given)
        run(prefect, "work-pool", "create", "enrich", "--type", "process", cwd=work, env=given)
        run(prefect, "--no-prompt", "deploy", "--name", "enrich-list/nightly", cwd=work, env=given)
        worker = [prefect, "worker", "start", "--pool", "enrich", "--type", "process"]
        previous = Path.cwd()
        os.chdir(work)
        try:
            with demo.process(worker, given, folder / "worker.log"):
                start = ("deployment", "run", "enrich-list/nightly", "--param", "sandbox=true")
                run(prefect, *start, "--watch", cwd=work, env=given)
                seconds = time.monotonic() - began
        finally:
            os.chdir(previous)
    assert (work / "data" / "sandbox" / LIST / "report.html").is_file()
    return seconds


WAYS: Final[dict[str, Callable[[Path, Mapping[str, str]], float]]] = {
    "clone": clone,
    "wheel": wheel,
    "nightly": nightly,
}


def main(names: list[str]) -> int:
    """Time the named ways, or all."""
    env = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("ENRICH_", "PREFECT_")) and k not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    for name in names or list(WAYS):
        with tempfile.TemporaryDirectory(prefix=f"enrich-{name}-") as folder:
            home = Path(folder) / "home"
            home.mkdir()
            given = {**env, "XDG_DATA_HOME": str(home)}
            load = os.getloadavg()[0]
            seconds = WAYS[name](Path(folder), given)
        print(f"{name:8} {seconds:6.0f} s   (load average {load:.1f})", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
