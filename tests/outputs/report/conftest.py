"""A headless browser for the pages, started once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
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
    """Chromium with what the tests ask of it; `asked` are all addresses the page requested."""

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
        told = [{"name": name.replace("_", "-"), "value": v} for name, v in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": told})

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


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One headless Chromium; skips where there is none."""
    binary, service = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not service:
        pytest.skip(
            "chromium and chromedriver are not installed (Debian: chromium chromium-driver)"
        )
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(service))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, wide, light and with scripts, whatever the test before it asked for."""
    chromium.width(1280)
    chromium.emulate(prefers_color_scheme="light")
    yield chromium
    chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
