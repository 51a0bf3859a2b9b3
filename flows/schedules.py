"""When the nightly runs start.

arXiv announces new papers between about 20:00 and 22:30 Eastern time. The small hours after that
are quiet for both services; the odd minute keeps clear of everyone else's full hours, and no clock
change falls between three and six.
"""

NIGHTLY_LIST = "17 3 * * *"
NIGHTLY_ALL = "47 4 * * *"
# Lists that are read from GitHub: after those at hand, so that what they share is fetched already.
NIGHTLY_GITHUB = "23 5 * * *"
TIMEZONE = "America/New_York"
