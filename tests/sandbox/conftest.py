"""One sandbox without limits for the tests of answers; each test finds it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from enrich.sandbox import Sandbox


@pytest.fixture(scope="package")
def served() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def box(served: Sandbox) -> Sandbox:
    served.set_faults()
    served.set_deviations()
    served.reset()
    return served


@pytest.fixture(scope="package")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session
