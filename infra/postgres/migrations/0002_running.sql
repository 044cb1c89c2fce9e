-- What runs beside the web process: how far each read model and each relay has come, and who is at work on it.
CREATE SCHEMA running;

CREATE TABLE running.generation (                   -- the tables of one read model, made and filled together
    name       text        PRIMARY KEY,             -- the schema they are in, as tracking_g3
    projection text        NOT NULL,
    nth        int         NOT NULL,
    definition text        NOT NULL,                -- SHA-256 of the statements they were made with
    state      text        NOT NULL CHECK (state IN ('building', 'live', 'old')),
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    live_at    timestamptz,
    UNIQUE (projection, nth)
);
CREATE UNIQUE INDEX generation_live ON running.generation (projection) WHERE state = 'live';

CREATE TABLE running.cursor (                       -- where a generation reads on in each partition of a feed
    generation    text   NOT NULL REFERENCES running.generation ON DELETE CASCADE,
    feed          text   NOT NULL,                  -- 'store', or the topic
    part          int    NOT NULL,
    topic_id      text   NOT NULL DEFAULT '',       -- another one once the topic was made again
    next_offset   bigint,                           -- null until somebody began
    last_position bigint NOT NULL DEFAULT 0,        -- of the record one back: the same offset may hold another record
    reflected     bigint NOT NULL DEFAULT 0,        -- every event of this partition up to here is in the tables
    PRIMARY KEY (generation, feed, part)
) WITH (fillfactor = 50);

CREATE TABLE running.parked (                       -- a stream that a read model cannot follow, from this version on
    generation   text        NOT NULL REFERENCES running.generation ON DELETE CASCADE,
    stream_id    uuid        NOT NULL,
    from_version bigint      NOT NULL,
    position     bigint      NOT NULL,
    reason       text        NOT NULL,              -- the kind of error, never its words: they may quote the event
    parked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (generation, stream_id)
);

CREATE TABLE running.feed_reset (                   -- the log was not the one we had read: healed from the store, read again
    nth         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation  text        NOT NULL,
    feed        text        NOT NULL,
    part        int         NOT NULL,
    reason      text        NOT NULL,
    topic_id    text        NOT NULL,
    from_offset bigint,
    to_offset   bigint      NOT NULL,
    healed      bigint      NOT NULL,               -- events that the tables lacked
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE running.member (                       -- a process at work; all its sessions bear its id
    id          uuid        PRIMARY KEY,
    kinds       text[]      NOT NULL,               -- what it takes a share of
    host        text        NOT NULL,
    pid         int         NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    beat_at     timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE running.lease (                        -- who holds a partition, as last said; the advisory lock decides
    generation text        NOT NULL REFERENCES running.generation ON DELETE CASCADE,
    feed       text        NOT NULL,
    part       int         NOT NULL,
    member     uuid        NOT NULL,
    beat_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (generation, feed, part)
) WITH (fillfactor = 50);

CREATE TABLE running.trouble (                      -- why a projection or a relay does not go on, while it does not
    what  text        PRIMARY KEY,                  -- 'projection tracking', 'relay events'
    kind  text        NOT NULL CHECK (kind IN ('waits', 'stopped')),
    why   text        NOT NULL,
    member uuid       NOT NULL,                     -- who said so
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE running.relay (                        -- everything up to here is in the topic
    name     text        PRIMARY KEY,
    topic    text        NOT NULL,
    topic_id text        NOT NULL,
    position bigint      NOT NULL,
    resent   bigint      NOT NULL DEFAULT 0,        -- how often the log had gone back
    beat_at  timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE running.relay_mark (                   -- for each partition the last record we know to be in it
    relay         text   NOT NULL REFERENCES running.relay ON DELETE CASCADE,
    part          int    NOT NULL,
    next_offset   bigint NOT NULL,
    last_position bigint NOT NULL,
    PRIMARY KEY (relay, part)
) WITH (fillfactor = 50);

-- What pages, reports and BI read: one view for each table of each live generation.
CREATE SCHEMA reading AUTHORIZATION ledger_projector;
