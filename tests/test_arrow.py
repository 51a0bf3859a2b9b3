"""pyarrow does not import pandas in this package's own processes, and can still use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.index.dumps import facts, json_lines

_BUILD = """
import sys
from enrich.cli.index import main
assert main(sys.argv[1:]) == 0
print("pandas" in sys.modules)
"""
_AFTERWARDS = """
import pyarrow as pa
from enrich.io.arrow import leave_pandas_out
leave_pandas_out()
table = pa.table({"a": [1, None]})
frame = table.to_pandas()
print(frame["a"].isna().tolist(), pa.array(frame["a"]).null_count)
"""


def printed(code: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_build_imports_no_pandas(tmp_path: Path) -> None:
    """Neither the lines that SQL reads nor those that Python parses make pyarrow import it."""
    papers = [paper for paper in facts(9) if paper.arxiv]
    lines = [papers[0].arxiv_line(), papers[1].arxiv_line(title="Größe", journal_ref="x")]
    (tmp_path / "dump.json").write_bytes(json_lines(lines))
    out = str(tmp_path / "index")
    arguments = ["build", "--quiet", "--arxiv", str(tmp_path / "dump.json"), "--out", out]
    assert printed(_BUILD, *arguments) == "False"
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert [part["rows"] for part in manifest["parts"]] == [2]


def test_pandas_is_there_when_it_is_wanted() -> None:
    """A table becomes a data frame as ever, and its columns become arrays again."""
    assert printed(_AFTERWARDS) == "[False, True] 1"
