"""The Prefect flow with the Dask task runner gives what the command gives."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.index.dumps import Fact
from tests.index.test_index_bulk import questions, write

from enrich.index import resolve_file

FLOWS = Path(__file__).resolve().parents[2] / "flows"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_flow_gives_the_same_rows(
    index_path: Path, papers: list[Fact], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run by Prefect on a Dask cluster of two worker processes: the outcomes of the command."""
    pytest.importorskip("prefect_dask", reason="Dask is an optional extra")
    monkeypatch.syspath_prepend(str(FLOWS))
    from prefect.testing.utilities import prefect_test_harness
    from resolve_dask import on_dask

    source = write(tmp_path / "q", questions(papers))
    alone = resolve_file(source, index_path, tmp_path / "alone", workers=1)
    with prefect_test_harness(server_startup_timeout=120):
        by_status = on_dask(workers=2)(source, index_path, tmp_path / "flow")
    assert by_status == alone.by_status
    assert pq.read_table(tmp_path / "flow") == pq.read_table(tmp_path / "alone")
