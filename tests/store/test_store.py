"""The store keeps every answer, loses none, and meets every trouble of its file plainly."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.errors import StoreError
from enrich.records import Author, Identifiers, Record
from enrich.store import Pace, Store
from enrich.store.codec import decode, encode
from enrich.store.schema import MIGRATIONS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
S2 = "semantic_scholar"


def record(sha: str, **given: object) -> Record:
    ids = given.pop("ids", None) or Identifiers(s2_paper_id=sha)
    return Record("semantic_scholar", sha, "A title", ids, NOW, **given)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "store.sqlite"


def opened(path: Path, realm: str = "sandbox", warn=lambda message: None) -> Store:  # type: ignore[no-untyped-def]
    return Store(path, realm, NOW, warn)


text = st.text(max_size=20)
maybe = st.none() | st.text(min_size=1, max_size=20)
number = st.none() | st.integers(0, 2**31 - 1)
moment = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
names = st.tuples() | st.tuples(text) | st.tuples(text, text)
records = st.builds(
    Record,
    source=st.sampled_from(["arxiv", "semantic_scholar", "index"]),
    source_id=st.text(min_size=1, max_size=40),
    title=st.text(min_size=1, max_size=60),
    ids=st.builds(
        Identifiers, arxiv_id=maybe, arxiv_version=number, doi=maybe, s2_corpus_id=number
    ),
    fetched_at=moment,
    abstract=maybe,
    authors=st.lists(
        st.builds(Author, st.text(min_size=1, max_size=9), maybe, names), max_size=3
    ).map(tuple),
    year=number,
    publication_types=names,
    published_on=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    arxiv_updated_at=st.none() | moment,
    citation_count=number,
    counts_observed_at=st.none() | moment,
    is_open_access=st.none() | st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(records)
def test_a_record_comes_back_as_it_was_kept(kept: Record) -> None:
    """Nothing of a record is lost or changed on its way through the store."""
    assert decode(encode(kept)) == kept


def test_answers_misses_and_searches_outlive_the_process(path: Path) -> None:
    """What was kept is there after closing and opening again, misses included."""
    store = opened(path)
    one = record("a" * 40, ids=Identifiers(s2_paper_id="a" * 40, arxiv_id="1811.08383"))
    store.keep(S2, {"doi:10.1/x": one, "arxiv:0704.0001": None}, NOW)
    store.keep(S2, {}, NOW, searches={("atitle", "bulk"): [one.source_id], ("other", "bulk"): []})
    store.close()
    store = opened(path)
    held = store.held(S2, ["doi:10.1/x", "arxiv:0704.0001", "arxiv:1811.08383", "s2:none"])
    assert held["doi:10.1/x"].record == held["arxiv:1811.08383"].record == one
    assert held["arxiv:0704.0001"].record is None
    assert "s2:none" not in held
    made = store.searched(S2, ["atitle", "other"])
    assert made["atitle"][0].found == (one.source_id,)
    assert made["other"][0].found == ()


def test_a_sighting_never_replaces_a_whole_record(path: Path) -> None:
    """A search's row with few fields never takes the place of the full record."""
    store = opened(path)
    whole, sighting = record("a" * 40, abstract="All of it."), record("a" * 40)
    store.keep(S2, {}, NOW, whole=False, sightings=[sighting])
    assert not store.held(S2, ["s2:" + "a" * 40])["s2:" + "a" * 40].whole
    store.keep(S2, {}, NOW, sightings=[whole])
    store.keep(S2, {}, NOW, whole=False, sightings=[sighting])
    held = store.held(S2, ["s2:" + "a" * 40])["s2:" + "a" * 40]
    assert held.whole
    assert held.record == whole


def test_an_asked_key_keeps_its_answer(path: Path) -> None:
    """Another record that shows the same DOI does not take the key from the one asked for."""
    store = opened(path)
    ids = Identifiers(doi="10.1/x")
    store.keep(S2, {"doi:10.1/x": record("a" * 40, ids=ids)}, NOW)
    store.keep(S2, {}, NOW, sightings=[record("b" * 40, ids=ids)])
    assert store.held(S2, ["doi:10.1/x"])["doi:10.1/x"].record == record("a" * 40, ids=ids)


def test_new_counts_leave_the_age_of_the_rest(path: Path) -> None:
    """A refresh of counts does not make the metadata look young."""
    store = opened(path)
    store.keep(S2, {}, NOW, sightings=[record("a" * 40)])
    later = NOW + timedelta(days=1)
    store.recount(S2, [record("a" * 40, citation_count=7, counts_observed_at=later)], later)
    held = store.held(S2, ["s2:" + "a" * 40])["s2:" + "a" * 40]
    assert held.looked_at == NOW
    assert held.counts_at == later
    assert held.record is not None
    assert held.record.citation_count == 7


def test_an_answer_is_kept_whole_or_not_at_all(path: Path) -> None:
    """An answer that cannot be written leaves nothing of itself behind."""
    store = opened(path)
    with pytest.raises(AttributeError):
        store.keep(S2, {"arxiv:0704.0001": None, "arxiv:0704.0002": "no record"}, NOW)  # type: ignore[dict-item]
    assert store.held(S2, ["arxiv:0704.0001"]) == {}


def test_identities_stay_as_first_given(path: Path) -> None:
    """A paper's id is given once; the order of giving is kept."""
    store = opened(path)
    store.remember({"arxiv:2": "arxiv:2", "s2:b": "arxiv:2"})
    store.remember({"arxiv:1": "arxiv:1", "s2:b": "arxiv:1"})
    assert list(store.identities().items()) == [
        ("arxiv:2", "arxiv:2"), ("s2:b", "arxiv:2"), ("arxiv:1", "arxiv:1"),
    ]  # fmt: skip


def test_only_the_owner_reads_it(path: Path) -> None:
    """The file and what SQLite puts beside it are for the owner alone."""
    store = opened(path)
    store.set_pace(S2, Pace(1.0, 2.0, 3))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert store.pace(S2) == Pace(1.0, 2.0, 3)


def test_realms_are_never_mixed(path: Path) -> None:
    """A sandbox run refuses the live store and says what to do; the store is left as it was."""
    opened(path, "live").close()
    with pytest.raises(StoreError, match=r"holds live data .* sandbox run.*ENRICH_STORE"):
        opened(path, "sandbox")
    opened(path, "live").close()


def test_a_newer_store_is_left_alone(path: Path) -> None:
    """A store of a later version is not touched."""
    opened(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        opened(path)


@pytest.mark.parametrize("damage", ["not sqlite", "torn"])
def test_a_damaged_store_is_moved_aside(path: Path, damage: str) -> None:
    """Damage is found on opening, said once, moved aside; a new store is begun."""
    store = opened(path)
    for number in range(300):
        store.keep(S2, {}, NOW, sightings=[record(f"{number:040x}", abstract="words " * 50)])
    store.remember({"arxiv:1": "arxiv:1"})
    store.close()
    data = path.read_bytes()
    path.write_bytes(b"nonsense" * 500 if damage == "not sqlite" else data[: len(data) // 3])
    told: list[str] = []
    store = opened(path, warn=told.append)
    assert len(told) == 1
    assert "moved to" in told[0]
    assert store.held(S2, ["s2:" + f"{1:040x}"]) == {}
    store.keep(S2, {}, NOW, sightings=[record("a" * 40)])
    assert [p for p in path.parent.iterdir() if ".damaged-20261122T120000Z" in p.name]


def test_identities_are_saved_from_a_damaged_store(path: Path) -> None:
    """What cannot be fetched again is read out of a damaged file as far as it goes."""
    store = opened(path)
    store.remember({"arxiv:1": "arxiv:1"})
    for number in range(300):
        store.keep(S2, {}, NOW, sightings=[record(f"{number:040x}", abstract="words " * 50)])
    store.close()
    data = bytearray(path.read_bytes())
    page = int.from_bytes(data[16:18], "big")
    data[-page:] = b"\xff" * page
    path.write_bytes(bytes(data))
    store = opened(path, warn=lambda message: None)
    assert store.identities() == {"arxiv:1": "arxiv:1"}


def test_a_full_disk_is_met_plainly(path: Path) -> None:
    """No space left is one clear sentence; what was kept before stays."""
    store = opened(path)
    store.keep(S2, {}, NOW, sightings=[record("a" * 40)])
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    big = [record(f"{n:040x}", abstract="words " * 500) for n in range(50)]
    with pytest.raises(StoreError, match=r"disk .* is full. Free some space"):
        store.keep(S2, {}, NOW, sightings=big)
    assert store.held(S2, ["s2:" + "a" * 40])


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder in the store's place is one sentence that names the cure."""
    with pytest.raises(StoreError, match="ENRICH_STORE"):
        opened(tmp_path)


def test_a_record_that_cannot_be_read_is_said(path: Path) -> None:
    """A body that is no record is an error with a cure, not a crash."""
    store = opened(path)
    store.keep(S2, {"s2:" + "a" * 40: record("a" * 40)}, NOW)
    store._db.execute("UPDATE records SET body = '{}'")
    with pytest.raises(StoreError, match="cannot be read"):
        store.held(S2, ["s2:" + "a" * 40])


def test_threads_share_it(path: Path) -> None:
    """Several threads and a second opening write at once; nothing is lost."""
    stores = [opened(path), opened(path)]

    def write(part: int) -> None:
        for number in range(40):
            sha = f"{part * 1000 + number:040x}"
            stores[part % 2].keep(S2, {}, NOW, sightings=[record(sha)])

    threads = [threading.Thread(target=write, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [f"s2:{part * 1000 + n:040x}" for part in range(4) for n in range(40)]
    assert len(stores[0].held(S2, keys)) == 160
