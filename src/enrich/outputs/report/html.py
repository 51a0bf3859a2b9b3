"""What all HTML pages share: templates that escape, assets, and a policy without any network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from enrich.outputs import attribution
from enrich.outputs.escape import safe_url
from enrich.outputs.report.headline import change_sentence, day


@cache
def environment() -> Environment:
    """The templates of this package; Jinja escapes every value."""
    # A name that a template misspells is an error, not an empty text.
    made = Environment(
        loader=PackageLoader("enrich.outputs.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = _number
    made.filters["day"] = day
    made.filters["sentence"] = change_sentence
    made.filters["words"] = lambda code: code.replace("_", " ").replace("arxiv", "arXiv")
    made.filters["url"] = safe_url
    made.globals["credit"] = attribution
    return made


def _number(value: int | str | None) -> str:
    return f"{value:,}" if isinstance(value, int) else value or ""


@cache
def asset(name: str) -> str:
    """The text of a script or style sheet of this package."""
    loader = environment().loader
    assert loader is not None
    source: str = loader.get_source(environment(), name)[0]
    return source


def policy(style: str, scripts: Sequence[str]) -> str:
    """The Content-Security-Policy: what is written in the page, by hash, and nothing else."""
    allowed = " ".join(_hash(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        "trusted-types default"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
