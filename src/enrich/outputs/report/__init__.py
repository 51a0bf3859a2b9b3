"""A snapshot as one HTML file that needs no network: `write_report` does it all.

inputs (read Parquet) -> assemble (pure) -> charts (pure) -> page (pure) -> file
"""

from enrich.outputs.report.assemble import assemble
from enrich.outputs.report.inputs import ReportInput, read_input
from enrich.outputs.report.model import Report
from enrich.outputs.report.page import build
from enrich.outputs.report.write import default_target, write_report

__all__ = [
    "Report",
    "ReportInput",
    "assemble",
    "build",
    "default_target",
    "read_input",
    "write_report",
]
