"""An extra section of the report: what a module must give so that the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One extra section, shown between the rankings and the entries.

    Attributes:
        name: Id of the section's element and key of its data; lower case letters.
        title: Its heading, also its name in the page's navigation.
        template: A template of this package's `templates` folder for the section's content.
        values: What the template is given.
        data: JSON values for the script, found as `parts[name]` in the page's data block.
        script: A script of the same folder, run after the table's; None without one.
    """

    name: str
    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Any = None
    script: str | None = None
