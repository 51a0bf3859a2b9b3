"""A headless Chromium for tests of pages."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1280,900",
)  # fmt: skip


@dataclass
class Browser:
    """Chromium with what tests need of it.

    `asked` are the addresses the page requested, `said` the lines on its console.
    """

    driver: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def open(self, page: Path, view: str = "") -> None:
        """Show `page` as if for the first time and wait until its charts are drawn."""
        self.driver.get("about:blank")
        self._drain()
        self.asked.clear()
        self.said.clear()
        self.driver.get(page.as_uri() + view)
        self.until("return document.querySelectorAll('.canvas:not(:has(svg))').length === 0")

    def js(self, script: str, *arguments: Any) -> Any:
        """What `script` returns in the page."""
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str) -> None:
        """Wait until `script` returns something true."""
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(self.driver, 20, poll_frequency=0.05).until(lambda _: self.js(script))

    def emulate(self, **features: str) -> None:
        """Set media features, for example `prefers_color_scheme="dark"`."""
        values = [{"name": name.replace("_", "-"), "value": v} for name, v in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": values})

    def width(self, pixels: int) -> None:
        """Lay the page out for a window of this width."""
        size = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": pixels < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def settle(self) -> tuple[list[str], list[str]]:
        """(addresses asked for, lines on the console) since the page was opened."""
        self._drain()
        return self.asked, self.said

    def _drain(self) -> None:
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.asked.append(message["params"]["request"]["url"])
        self.said += [
            f"{line['level']}: {line['message']}" for line in self.driver.get_log("browser")
        ]


def required_or_skip(reason: str) -> None:
    """Skip a test whose tool is missing; where REQUIRE_BROWSER_TESTS is set (CI) it fails."""
    if os.environ.get("REQUIRE_BROWSER_TESTS"):
        pytest.fail(reason)
    pytest.skip(reason)


def start(profile: Path) -> Any:
    """A driver of a headless Chromium with its own profile folder."""
    binary, service = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not service:
        required_or_skip("chromium or chromedriver is missing (Debian: chromium chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = str(binary)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(service))
