"""The store's tables, as a list of migrations: entry N takes a file from version N to N + 1.

Times are POSIX seconds of the run's clock. An identity key is a kind and a bare identifier:
`arxiv:1811.08383`, `doi:10.1109/…`, `s2:<40 hex>`, `corpus:…`, `acl:…`, `pmid:…`, `mag:…`.
The connection provides the function `checksum_of` of `codec`.
"""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- What a service says of a paper. `whole` is 0 for a row of a search with few fields.
    CREATE TABLE records (
        service TEXT NOT NULL, source_id TEXT NOT NULL, body TEXT NOT NULL,
        whole INTEGER NOT NULL, fetched_at REAL NOT NULL, counts_at REAL,
        PRIMARY KEY (service, source_id)) WITHOUT ROWID;

    -- What an identity key was answered with: a record's source_id, or NULL for an explicit miss.
    CREATE TABLE answers (
        service TEXT NOT NULL, asked TEXT NOT NULL, source_id TEXT, looked_at REAL NOT NULL,
        PRIMARY KEY (service, asked)) WITHOUT ROWID;

    -- What a title search brought up: a JSON list of source_ids, best first, empty for a miss.
    CREATE TABLE searches (
        service TEXT NOT NULL, title_key TEXT NOT NULL, way TEXT NOT NULL,
        found TEXT NOT NULL, looked_at REAL NOT NULL,
        PRIMARY KEY (service, title_key, way)) WITHOUT ROWID;

    -- The limits of each service, shared by every process that opens this file.
    CREATE TABLE pace (
        service TEXT PRIMARY KEY, next_at REAL NOT NULL, cool_until REAL NOT NULL,
        given_up INTEGER NOT NULL) WITHOUT ROWID;

    -- What was learnt of a service: a batch size it accepts, a field it refuses.
    CREATE TABLE learnt (
        service TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, learnt_at REAL NOT NULL,
        PRIMARY KEY (service, name)) WITHOUT ROWID;

    -- In the order in which they were first known: where papers merge, the first id stays.
    CREATE TABLE identities (alias TEXT PRIMARY KEY, paper_id TEXT NOT NULL);
    """,
    """
    -- Rate limits are kept by service, circuit breakers by endpoint.
    DROP TABLE IF EXISTS pace;
    CREATE TABLE next_requests (service TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
    CREATE TABLE circuits (
        service TEXT NOT NULL, endpoint TEXT NOT NULL, open_until REAL NOT NULL,
        times INTEGER NOT NULL, PRIMARY KEY (service, endpoint)) WITHOUT ROWID;

    -- Questions that make every request fail that holds them.
    CREATE TABLE set_aside (
        service TEXT NOT NULL, asked TEXT NOT NULL, since REAL NOT NULL,
        PRIMARY KEY (service, asked)) WITHOUT ROWID;

    -- CRC-32 of the body: damage inside a row is found when it is read.
    ALTER TABLE records ADD COLUMN checksum INTEGER;

    -- Earlier versions stored a refusal as a miss: every miss is asked for again.
    DELETE FROM answers WHERE source_id IS NULL;
    DELETE FROM searches WHERE found = '[]';
    DELETE FROM learnt WHERE name IN ('match', 'titles')
    """,
    """
    -- The references of a paper as a JSON list, by the service's paper id, with a CRC-32.
    CREATE TABLE reference_lists (
        service TEXT NOT NULL, paper_id TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL,
        checksum INTEGER NOT NULL, fetched_at REAL NOT NULL,
        PRIMARY KEY (service, paper_id)) WITHOUT ROWID;

    -- Papers that were recommended for a list: when first and last, and how high then.
    CREATE TABLE recommended (
        list TEXT NOT NULL, paper_id TEXT NOT NULL, body TEXT NOT NULL, rank INTEGER NOT NULL,
        first_seen REAL NOT NULL, last_seen REAL NOT NULL,
        PRIMARY KEY (list, paper_id)) WITHOUT ROWID;
    """,
    """
    -- Who named the work, and one sentence on why (Semantic Scholar gives none).
    ALTER TABLE recommended ADD COLUMN service TEXT NOT NULL DEFAULT 'semantic_scholar';
    ALTER TABLE recommended ADD COLUMN reason TEXT NOT NULL DEFAULT ''
    """,
    """
    -- Records of the first version get a checksum, those that cannot be read are asked for again.
    UPDATE records SET checksum = checksum_of(body) WHERE checksum IS NULL;
    DELETE FROM records WHERE checksum IS NULL
    """,
)

APPLICATION_ID = 0x656E7263  # "enrc", so that another program's file is never taken for ours
TABLES = (
    "meta", "records", "answers", "searches", "learnt", "identities", "next_requests", "circuits",
    "set_aside", "reference_lists", "recommended",
)  # fmt: skip
