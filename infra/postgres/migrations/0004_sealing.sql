-- The proof, kept by the sealer: trees over what is recorded, and checkpoints that it signed.
CREATE SCHEMA sealing;

CREATE TABLE sealing.tile (                         -- 256 hashes of a tree side by side; a full one never changes
    tree   text   NOT NULL CHECK (tree IN ('events', 'answers')),
    level  int    NOT NULL CHECK (level >= 0),      -- 0: leaves
    nth    bigint NOT NULL CHECK (nth >= 0),
    hashes bytea  NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (tree, level, nth)
);
ALTER TABLE sealing.tile ALTER hashes SET STORAGE EXTERNAL;    -- nobody makes hashes smaller

CREATE TABLE sealing.head (                         -- one row: how far the trees have grown
    one        boolean     PRIMARY KEY DEFAULT true CHECK (one),
    size       bigint      NOT NULL DEFAULT 0,      -- events: the last position that is sealed
    answers    bigint      NOT NULL DEFAULT 0,
    rechecked  bigint      NOT NULL DEFAULT 0,      -- how far the present round of rechecking has come
    round_at   timestamptz,                         -- when the last whole round ended
    anchored   bigint      NOT NULL DEFAULT 0,      -- size of the last checkpoint that lies outside
    trouble    text,                                -- why nothing is sealed, while nothing is
    beat_at    timestamptz
) WITH (fillfactor = 50);
INSERT INTO sealing.head DEFAULT VALUES;

CREATE TABLE sealing.checkpoint (                   -- what was signed, for ever
    size bigint      PRIMARY KEY,
    note text        NOT NULL,
    at   timestamptz NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sealing.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE sealing.checkpoint ENABLE ALWAYS TRIGGER append_only;

CREATE TABLE sealing.finding (                      -- what is not as it was sealed; a red light until it is
    tree     text        NOT NULL,
    position bigint      NOT NULL,
    what     text        NOT NULL,
    words    text        NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    gone_at  timestamptz,
    PRIMARY KEY (tree, position, what)
);

-- Answers are sealed in the order of their events.
CREATE INDEX inbox_by_position ON ledger.inbox (position) WHERE position IS NOT NULL;
