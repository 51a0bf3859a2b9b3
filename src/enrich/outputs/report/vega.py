"""The charts' script: Vega-Embed, Vega-Lite and Vega as the vl-convert package ships them."""

from __future__ import annotations

from functools import cache


@cache
def chart_script() -> str:
    """JavaScript that sets `window.vegaEmbed`, complete and safe inside a <script> element."""
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return inside_script(script)


def inside_script(script: str) -> str:
    """`script` with what would end or nest a <script> element spelled otherwise, meaning the same.

    Both can only stand in strings, templates and regular expressions, where the added backslash
    changes nothing (HTML standard, "Restrictions for contents of script elements").
    """
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r\n", "\n")
