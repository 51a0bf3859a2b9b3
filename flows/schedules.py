"""When the nightly runs start.

arXiv announces new papers between about 20:00 and 22:30 Eastern time. The small hours after that
are quiet for both services; the odd minute keeps clear of everyone else's full hours, and no clock
change falls between three and five.
"""

NIGHTLY_LIST = "17 3 * * *"
NIGHTLY_ALL = "47 4 * * *"
TIMEZONE = "America/New_York"
