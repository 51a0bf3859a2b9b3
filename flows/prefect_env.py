"""The environment of Prefect in a flow's process: imported before Prefect, which reads it then.

Nothing is reported to anyone, by the client or by the temporary server that a run without a server
starts. What the operator has set stays as it is.
"""

from __future__ import annotations

import os
import sys

NO_TELEMETRY = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}

for _name, _value in NO_TELEMETRY.items():
    os.environ.setdefault(_name, _value)

# jsonschema, which Prefect imports, compiles a grammar for the format "iri" where rfc3987-syntax is
# installed (JupyterLab brings it): 3 s of every start, for a format that no flow's parameter has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None refuses the import
