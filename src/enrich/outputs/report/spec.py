"""Parts of Vega-Lite specifications in the page's own colours and type. Pure.

Colours are CSS variables, so that charts follow light, dark and print without being drawn again.
Text of a list or a service stands in the data alone: sort orders, domains and conditions become
expressions, where a value could break the parser. Hence bars come in the order of their values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Values = Sequence[Mapping[str, Any]]

_FONT = "system-ui, sans-serif"
_ROW = 24  # height of a horizontal bar with its gap, in pixels
# Fields that a tooltip shows with thousands separators.
_NUMBERS = frozenset({"citations", "papers", "median", "entries", "resolved", "counted", "rate"})
_MOST_YEAR_LABELS = 10
_SYMLOG_TICKS = [0, 1, 10, 100, 1_000, 10_000, 100_000]


def chart(values: Values, height: int, **more: Any) -> dict[str, Any]:
    """A chart as wide as its place and `height` pixels high."""
    return {
        "data": {"values": list(values)},
        "width": "container",
        "height": height,
        "background": None,
        "padding": 0,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {
            "font": _FONT,
            "view": {"stroke": None},
            "axis": {"labelFont": _FONT, "labelFontSize": 12},
        },
    } | more


def ranking(
    values: Values, name: str, amount: str, tooltip: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Horizontal bars in the order of `values`, each with its number at the end.

    Args:
        values: The rows of the chart's data.
        name: The field that names a bar.
        amount: The field that gives its length.
        tooltip: The fields of the tooltip, from `tooltip`.
    """
    y = quiet_axis()
    label = {
        "type": "text",
        "align": "left",
        "dx": 5,
        "color": "var(--muted)",
        "fontSize": 12,
        "cursor": "pointer",
    }
    return chart(
        values,
        _ROW * len(values),
        encoding={
            "y": {"field": name, "type": "nominal", "sort": None, "axis": y},
            "x": {
                "field": amount,
                "type": "quantitative",
                "axis": None,
                # Leaves room for the number at the end of the longest bar.
                "scale": {"range": [0, {"expr": "max(width - 56, 0)"}]},
            },
            "tooltip": list(tooltip),
        },
        layer=[
            {"mark": bar()},
            {
                "mark": label,
                "encoding": {"text": {"field": amount, "type": "quantitative", "format": ","}},
            },
        ],
    )


def years(
    values: Values, amount_field: str, tooltip: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Vertical bars, one for each `year`.

    Args:
        values: The rows of the chart's data.
        amount_field: The field that gives a bar's height.
        tooltip: The fields of the tooltip, from `tooltip`.
    """
    encoding = {
        "x": {
            "field": "year",
            "type": "ordinal",
            "axis": quiet_axis(labelAngle=0, labelOverlap="greedy"),
        },
        "y": amount(amount_field),
        "tooltip": list(tooltip),
    }
    return chart(values, 200, mark=bar(), encoding=encoding)


def scatter(values: Values, y: str, tooltip: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """One mark for each of `values` over its `year`, on a scale for very different amounts.

    Args:
        values: The rows of the chart's data.
        y: The field that gives a mark's height.
        tooltip: The fields of the tooltip, from `tooltip`.
    """
    first, last = min(v["year"] for v in values), max(v["year"] for v in values)
    # Whole years alone: a scale that chose its own ticks would label one year twice.
    every = max(1, math.ceil((last - first) / _MOST_YEAR_LABELS))
    encoding = {
        "x": {
            "field": "year",
            "type": "quantitative",
            "scale": {"zero": False, "nice": False, "padding": 12},
            "axis": quiet_axis(format="d", values=list(range(first, last + 1, every))),
        },
        "y": {
            "field": y,
            "type": "quantitative",
            "scale": {"type": "symlog", "constant": 1, "nice": False},
            "axis": quiet_axis(grid=True, format=",.0f", values=_SYMLOG_TICKS, labelOverlap=True),
        },
        "tooltip": list(tooltip),
    }
    mark = {
        "type": "circle", "size": 70, "color": "var(--resolved)", "opacity": 0.65,
        "cursor": "pointer",
    }  # fmt: skip
    return chart(values, 200, mark=mark, encoding=encoding)


def stacked(
    values: Values,
    rows: int,
    parts: Mapping[str, str],
    tooltip: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """`rows` bars of `entries` by `row`, cut by `part`; `parts` maps a part to its colour.

    Args:
        values: The rows of the chart's data.
        rows: How many bars there are.
        parts: Each part's colour.
        tooltip: The fields of the tooltip, from `tooltip`.
    """
    return chart(
        values,
        30 * rows,
        mark=bar(stroke="var(--paper)", strokeWidth=1),
        encoding={
            "y": {
                "field": "row",
                "type": "nominal",
                "sort": None,
                "axis": quiet_axis(),
            },
            "x": amount("entries"),
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "part",
                "type": "nominal",
                "scale": {"domain": list(parts), "range": list(parts.values())},
                "legend": legend(),
            },
            "tooltip": list(tooltip),
        },
    )


def bar(**more: Any) -> dict[str, Any]:
    """The mark of a bar that can be pressed."""
    return {"type": "bar", "color": "var(--resolved)", "cursor": "pointer"} | more


def amount(field: str, **more: Any) -> dict[str, Any]:
    """An encoding that measures `field` against a light grid."""
    axis = quiet_axis(**{"grid": True, "tickCount": 4, "tickMinStep": 1, "format": ",.0f"} | more)
    return {"field": field, "type": "quantitative", "axis": axis}


def quiet_axis(**more: Any) -> dict[str, Any]:
    """An axis of labels alone: no title, line or ticks."""
    return {
        "title": None,
        "grid": False,
        "domain": False,
        "ticks": False,
        "labelColor": "var(--muted)",
        "gridColor": "var(--line)",
        "labelPadding": 6,
    } | more


def legend(**more: Any) -> dict[str, Any]:
    """A legend above the chart."""
    return {
        "title": None,
        "orient": "top",
        "labelColor": "var(--ink)",
        "labelFontSize": 12,
        "symbolType": "square",
        "columns": 3,
    } | more


def tooltip(**titles: str) -> list[dict[str, str]]:
    """The fields of a tooltip, each with its title, in order."""
    return [
        {"field": name, "title": title, "type": "quantitative", "format": ","}
        if name in _NUMBERS
        else {"field": name, "title": title, "type": "nominal"}
        for name, title in titles.items()
    ]
