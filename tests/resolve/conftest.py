from __future__ import annotations

from hypothesis import settings

# How long an example takes says more of the machine's other work than of the rules.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
