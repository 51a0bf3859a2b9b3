"""The store keeps every answer and loses none; whatever becomes of its file is handled plainly."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.errors import StoreError
from enrich.records import Author, Identifiers, Record, Service
from enrich.store import Circuit, Proof, Store
from enrich.store.codec import decode, encode
from enrich.store.schema import MIGRATIONS, TABLES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
S2: Service = "semantic_scholar"
PROOF = Proof(S2, "batch", NOW)


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


@settings(max_examples=25, deadline=None)
@given(records)
def test_a_record_comes_back_as_it_was_kept(kept: Record) -> None:
    """Nothing of a record is lost or changed on its way through the store."""
    assert decode(encode(kept)) == kept


def test_answers_misses_and_searches_outlive_the_process(path: Path) -> None:
    """What was kept is there after closing and opening again, misses included."""
    store = opened(path)
    one = record("a" * 40, ids=Identifiers(s2_paper_id="a" * 40, arxiv_id="1811.08383"))
    store.keep(S2, {"doi:10.1/x": one}, NOW, misses=["arxiv:0704.0001"], proof=PROOF)
    found = {("atitle", "bulk"): [one.source_id], ("other", "bulk"): []}
    store.keep(S2, {}, NOW, searches=found, proof=PROOF)
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
    store.recount(S2, [record("a" * 40, citation_count=7, counts_observed_at=later)])
    held = store.held(S2, ["s2:" + "a" * 40])["s2:" + "a" * 40]
    assert held.looked_at == NOW
    assert held.counts_at == later
    assert held.record is not None
    assert held.record.citation_count == 7


def test_an_answer_is_kept_whole_or_not_at_all(path: Path) -> None:
    """An answer that cannot be written leaves nothing of itself behind."""
    store = opened(path)
    with pytest.raises(AttributeError):
        store.keep(S2, {"arxiv:0704.0001": record("a" * 40), "arxiv:0704.0002": "no record"}, NOW)  # type: ignore[dict-item]
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
    store.set_circuit(S2, "batch", Circuit(2.0, 3))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert store.circuit(S2, "batch") == Circuit(2.0, 3)
    assert store.circuit(S2, "bulk") == Circuit()


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
    warnings: list[str] = []
    store = opened(path, warn=warnings.append)
    assert len(warnings) == 1
    assert "moved to" in warnings[0]
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


@pytest.mark.parametrize("miss", ["id", "title"])
def test_no_miss_without_a_proof(path: Path, miss: str) -> None:
    """A miss is stored with a proof that the endpoint answers, or not at all."""
    store = opened(path)
    with pytest.raises(ValueError, match="proof"):
        if miss == "id":
            store.keep(S2, {"doi:10.1/x": record("a" * 40)}, NOW, misses=["arxiv:0704.0001"])
        else:
            store.keep(S2, {}, NOW, searches={("a", "bulk"): ["a" * 40], ("b", "bulk"): []})
    assert store.held(S2, ["doi:10.1/x", "arxiv:0704.0001"]) == {}
    assert store.searched(S2, ["a", "b"]) == {}


def test_misses_of_earlier_versions_are_asked_again(path: Path) -> None:
    """They may be refusals: the first opening drops them and keeps what was found.

    Records get a checksum, as of then; one that cannot be read is asked again too.
    """
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        for statement in MIGRATIONS[0].split(";"):
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
        found, at = record("a" * 40), NOW.timestamp()
        db.execute(
            "INSERT INTO records VALUES (?, ?, ?, 1, ?, NULL)",
            (S2, found.source_id, encode(found), at),
        )
        broken = encode(found).replace('"ids":{', '"ids":{"doi":7,')
        db.execute("INSERT INTO records VALUES (?, 'b', ?, 1, ?, NULL)", (S2, broken, at))
        answers = {"doi:10.1/x": found.source_id, "doi:10.1/y": "b", "arxiv:0704.0001": None}
        for key, source_id in answers.items():
            db.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (S2, key, source_id, at))
        for key, ids in (("a", f'["{found.source_id}"]'), ("b", "[]")):
            db.execute("INSERT INTO searches VALUES (?, ?, 'bulk', ?, ?)", (S2, key, ids, at))
        db.execute("INSERT INTO identities VALUES ('s2:a', 's2:a')")
    db.close()
    store = opened(path)
    assert store.held(S2, answers).keys() == {"doi:10.1/x"}
    assert store._db.execute("SELECT count(*) FROM records WHERE checksum IS NULL").fetchone() == (
        0,
    )
    assert store.searched(S2, ["a", "b"]).keys() == {"a"}
    assert store.identities() == {"s2:a": "s2:a"}


def test_a_merged_record_is_known_under_both_ids(path: Path) -> None:
    """What led to the old record leads to the new one; the paper keeps its id."""
    store = opened(path)
    old, new = "a" * 40, "b" * 40
    ids = Identifiers(s2_paper_id=old, doi="10.1/x")
    store.keep(S2, {f"s2:{old}": record(old, ids=ids)}, NOW)
    store.remember({f"s2:{old}": "arxiv:1"})
    store.keep(S2, {f"s2:{old}": record(new)}, NOW, merged={old: new})
    held = store.held(S2, [f"s2:{old}", f"s2:{new}", "doi:10.1/x"])
    assert [h.record.source_id for h in held.values() if h.record] == [new] * 3
    assert store.identities()[f"s2:{new}"] == "arxiv:1"


GARBAGE = ["{}", "\x00\xff nonsense", '{"source": "arxiv"}', "", "[1, 2]", b"\xff\xfe\x00", 7]


@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
@pytest.mark.parametrize(
    "column", ["records.body", "records.fetched_at", "records.counts_at", "answers.looked_at"]
)
def test_a_damaged_record_is_dropped_and_asked_again(
    path: Path, column: str, garbage: object
) -> None:
    """Whatever stands in a row, reading it never fails; it is as if it had never been asked."""
    store = opened(path)
    store.keep(S2, {"doi:10.1/x": record("a" * 40), "doi:10.1/y": record("b" * 40)}, NOW)
    table, name = column.split(".")
    key = "source_id" if table == "records" else "asked"
    which = "a" * 40 if table == "records" else "doi:10.1/x"
    store._db.execute(f"UPDATE {table} SET {name} = ? WHERE {key} = ?", (garbage, which))
    held = store.held(S2, ["doi:10.1/x", "doi:10.1/y"])
    assert held["doi:10.1/y"].record == record("b" * 40)
    if name == "body":
        assert "doi:10.1/x" not in held
        assert store._db.execute("SELECT count(*) FROM records").fetchone() == (1,)
    if "doi:10.1/x" in held:  # a number is a time, and a found answer needs none
        assert held["doi:10.1/x"].record == record("a" * 40)
    store.known_records(S2)


@pytest.mark.parametrize("garbage", [*GARBAGE, '["ok"', "null"], ids=repr)
def test_a_damaged_search_is_dropped(path: Path, garbage: object) -> None:
    """A search that cannot be read is made again."""
    store = opened(path)
    store.keep(S2, {}, NOW, searches={("a", "bulk"): ["x"], ("b", "bulk"): ["y"]})
    store._db.execute("UPDATE searches SET found = ? WHERE title_key = 'a'", (garbage,))
    assert store.searched(S2, ["a", "b"]).keys() == {"b"}
    assert store._db.execute("SELECT count(*) FROM searches").fetchone() == (1,)


def test_a_changed_byte_in_a_record_is_noticed(path: Path) -> None:
    """A record whose text was changed is still JSON, but its checksum does not fit."""
    store = opened(path)
    store.keep(S2, {"doi:10.1/x": record("a" * 40, citation_count=7)}, NOW)
    store._db.execute("UPDATE records SET body = replace(body, ':7', ':9')")
    assert store.held(S2, ["doi:10.1/x"]) == {}


WRONG_TYPES = {
    "title": 7, "abstract": ["text"], "year": "2019", "citation_count": True, "is_open_access": 1,
    "published_on": 2019, "fetched_at": 12.5, "counts_observed_at": "soon", "source_id": None,
    "fields_of_study": "Computer Science", "publication_types": [3], "authors": ["Ji Lin", 3],
    "ids": {"s2_corpus_id": "12"}, "venue": "half a pair \\ud83d",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_TYPES)
def test_a_value_of_another_type_is_damage(path: Path, name: str) -> None:
    """What comes out of the store has the declared types, whoever has written the file."""
    store = opened(path)
    store.keep(S2, {"doi:10.1/x": record("a" * 40)}, NOW)
    stored = {**json.loads(encode(record("a" * 40))), name: WRONG_TYPES[name]}
    body = json.dumps(stored).replace("\\\\ud83d", "\\ud83d")
    store._db.execute(
        "UPDATE records SET body = ?, checksum = ?", (body, zlib.crc32(body.encode()))
    )
    assert store.held(S2, ["doi:10.1/x"]) == {}


def test_an_answer_without_its_record_is_no_miss(path: Path) -> None:
    """A record that is gone is asked for again."""
    store = opened(path)
    store.keep(S2, {"doi:10.1/x": record("a" * 40)}, NOW)
    store._db.execute("DELETE FROM records")
    assert store.held(S2, ["doi:10.1/x"]) == {}


@pytest.mark.parametrize("table", TABLES)
def test_a_dropped_table(path: Path, table: str) -> None:
    """A store without one of its tables is moved aside; what can be read is saved."""
    store = opened(path)
    store.keep(S2, {"doi:10.1/x": record("a" * 40)}, NOW)
    store.remember({"arxiv:1": "arxiv:1"})
    store._db.execute(f"DROP TABLE {table}")
    store.close()
    warnings: list[str] = []
    store = opened(path, warn=warnings.append)
    assert len(warnings) == 1
    assert store.identities() == ({} if table == "identities" else {"arxiv:1": "arxiv:1"})
    held = store.held(S2, ["doi:10.1/x"])
    assert len(held) == (0 if table in ("records", "answers") else 1)


def test_a_table_dropped_while_in_use(path: Path) -> None:
    """The message's promise is true: the next run moves the store aside and goes on."""
    store = opened(path)
    store.remember({"arxiv:1": "arxiv:1"})
    store._db.execute("DROP TABLE records")
    with pytest.raises(StoreError, match="Run again"):
        store.held(S2, ["doi:10.1/x"])
    store.close()
    warnings: list[str] = []
    assert opened(path, warn=warnings.append).identities() == {"arxiv:1": "arxiv:1"}
    assert "moved to" in warnings[0]
    opened(path, warn=warnings.append)
    assert len(warnings) == 1


@pytest.mark.parametrize("program", [0, 12345])
def test_a_foreign_database_is_refused(path: Path, program: int) -> None:
    """A SQLite file of another program stays as it is."""
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
        db.execute(f"PRAGMA application_id = {program}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        opened(path)
    assert path.read_bytes() == before


def test_random_bytes_anywhere(path: Path) -> None:
    """Bytes overwritten anywhere: a later run opens the store and reads only what was stored."""
    store = opened(path)
    many = {f"doi:10.1/{n}": record(f"{n:040x}", abstract="words " * 50) for n in range(60)}
    store.keep(S2, many, NOW)
    store.remember({f"arxiv:{n}": f"arxiv:{n}" for n in range(60)})
    store.close()
    sound = path.read_bytes()
    dice = Random(5)
    for _ in range(40):
        for file in path.parent.iterdir():
            file.unlink()
        data = bytearray(sound)
        start = dice.randrange(100, len(data) - 200)
        data[start : start + 64] = dice.randbytes(64)
        path.write_bytes(data)
        try:
            read_all(path, many)
        except StoreError:
            read_all(path, many)


def read_all(path: Path, many: dict[str, Record]) -> None:
    store = opened(path)
    try:
        held, named = store.held(S2, many), store.identities()
    finally:
        store.close()
    assert all(h.record == many[key] for key, h in held.items())
    assert all(alias == paper for alias, paper in named.items())


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
