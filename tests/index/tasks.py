"""Tasks that worker processes import."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from enrich.index.parts import Job, build_part


@dataclass(frozen=True)
class CountedJob:
    """A shard to index, with a folder where each attempt is counted."""

    job: Job
    notes: str
    deadly: bool

    def attempts(self) -> list[str]:
        """The process ids of the attempts made so far."""
        file = Path(self.notes) / self.job.shard.name
        return file.read_text().split() if file.exists() else []


def index_counted(counted: CountedJob) -> str:
    """Index the shard; the first attempt at a deadly one ends its process as `kill -9` does."""
    first = not counted.attempts()
    with (Path(counted.notes) / counted.job.shard.name).open("a") as file:
        file.write(f"{os.getpid()}\n")
    if counted.deadly and first:
        os.kill(os.getpid(), signal.SIGKILL)
    return build_part(counted.job).name


def always_die(number: int) -> int:
    """A task that no worker survives."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def square(number: int) -> int:
    """A small task."""
    return number * number


def refuse(number: int) -> int:
    """A task with an error of its own."""
    if number == 2:
        raise ValueError("two is refused")
    return number
