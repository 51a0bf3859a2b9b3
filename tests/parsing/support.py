"""What the tests of lists share: texts without files, and golden records."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from enrich.parsing import ListText, parse_list
from enrich.records import ParsedList

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
UPDATE = os.environ.get("ENRICH_UPDATE_GOLDEN") == "1"


def list_text(text: str | bytes, name: str = "page.md") -> ListText:
    data = text.encode() if isinstance(text, str) else text
    return ListText(name, Path(name).stem, name, data, hashlib.sha256(data).hexdigest())


def parse(text: str | bytes, name: str = "page.md") -> ParsedList:
    return parse_list(list_text(text, name))


def as_json(parsed: ParsedList) -> Any:
    """A parsed list as plain JSON, without what is empty, the raw text and the layout."""

    def lean(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: lean(v) for k, v in value.items() if k not in ("raw", "layouts")}
            return {k: v for k, v in kept.items() if v not in (None, [], {}, "")}
        if isinstance(value, list | tuple):
            return [lean(item) for item in value]
        return value

    return lean(asdict(parsed))


def check_golden(name: str, parsed: ParsedList) -> None:
    """Compare with `golden/<name>.json`; with ENRICH_UPDATE_GOLDEN=1 write it instead."""
    path = GOLDEN / f"{name}.json"
    found = as_json(parsed)
    if UPDATE:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    assert path.exists(), f"{path} is missing; run with ENRICH_UPDATE_GOLDEN=1 and read it"
    assert found == json.loads(path.read_text())
