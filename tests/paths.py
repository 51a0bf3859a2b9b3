"""Places that tests share."""

from __future__ import annotations

import tomllib
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
# The list this project was made for, as its owner wrote it.
REAL_LIST = REPO / "data" / "raw" / "awesome-deep-learning-for-video-analysis.md"
# Data that a user's machine does not have: tests that need it skip where it is absent.
SHARED = REPO.parent / "shared"
# `owner/repo`, as pyproject.toml says it.
REPOSITORY = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]["urls"][
    "Repository"
].removeprefix("https://github.com/")
