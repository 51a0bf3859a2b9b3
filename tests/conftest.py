"""How property tests run: without time limits, which say more of the machine than of the rules."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Fifty examples a test keep the unit tests within their time; ENRICH_EXAMPLES asks for more. In CI
# they are the same each time: a change is judged by itself, and new examples are found by hand.
settings.register_profile(
    "unhurried",
    deadline=None,
    max_examples=int(os.environ.get("ENRICH_EXAMPLES", "50")),
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("unhurried")
