"""A snapshot as one HTML file that needs no network: `write_report` does it all.

material (read Parquet) -> digest (pure) -> charts (pure) -> page (pure) -> file
"""

from enrich.outputs.report.digest import digest
from enrich.outputs.report.material import Material, gather
from enrich.outputs.report.model import Report
from enrich.outputs.report.page import build
from enrich.outputs.report.write import default_target, write_report

__all__ = ["Material", "Report", "build", "default_target", "digest", "gather", "write_report"]
