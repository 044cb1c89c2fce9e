-- The store: events in one order, and one row for what each message was answered.
CREATE SCHEMA ledger;

CREATE TABLE ledger.event (
    position    bigint      PRIMARY KEY,            -- 1, 2, 3 … without a hole
    recorded_at timestamptz NOT NULL UNIQUE,        -- rises with position
    stream      uuid        NOT NULL,
    version     bigint      NOT NULL CHECK (version >= 0),
    topic       text        NOT NULL CHECK (octet_length(topic) <= 100),
    state       bytea       NOT NULL CHECK (octet_length(state) <= 262144),
    UNIQUE (stream, version)
);

CREATE TABLE ledger.inbox (                         -- a message and its one answer
    source      text        NOT NULL,
    message_id  text        NOT NULL,
    digest      bytea       NOT NULL,
    outcome     text        NOT NULL,               -- accepted, refused, held …
    stream      uuid,
    version     bigint,
    position    bigint,                             -- of its last event; null when nothing was recorded
    recorded_at timestamptz NOT NULL,
    detail      text,                               -- code, field, fix; our number when one was given
    PRIMARY KEY (source, message_id)
);
CREATE INDEX inbox_by_stream ON ledger.inbox (stream, version) WHERE stream IS NOT NULL;

CREATE TABLE ledger.claim (                         -- a name that belongs to one stream for ever
    name   text NOT NULL,                           -- 'number', or 'source:' and a source's name
    key    text NOT NULL,
    stream uuid NOT NULL,
    PRIMARY KEY (name, key)
);
CREATE TABLE ledger.series (
    series text   PRIMARY KEY,
    last   bigint NOT NULL CHECK (last < 1000000)
) WITH (fillfactor = 50);

CREATE TABLE ledger.outcome (                       -- every answer to a delivered message, in order; relayed
    nth         bigint      PRIMARY KEY,            -- 1, 2, 3 … without a hole
    source      text        NOT NULL,
    message_id  text        NOT NULL,
    outcome     text        NOT NULL,               -- accepted, duplicate, held, refused, conflict, malformed
    stream      uuid,
    version     bigint,
    position    bigint,
    detail      text,
    recorded_at timestamptz NOT NULL,
    topic       text,                               -- where it was delivered; null over HTTP
    topic_id    text,
    part        int,
    at_offset   bigint,
    UNIQUE (topic, topic_id, part, at_offset)
);
CREATE INDEX outcome_by_message ON ledger.outcome (source, message_id);

CREATE TABLE ledger.letter (                        -- a message kept sealed until it is settled
    nth         bigint      PRIMARY KEY REFERENCES ledger.outcome,
    kind        text        NOT NULL CHECK (kind IN (
                    'held',                         -- waits for its complaint
                    'conflict',                     -- says other things than a message we have; a person decides
                    'malformed',                    -- could not be read
                    'defect',                       -- our program failed on it; it is held until that is mended
                    'expired')),                    -- its complaint never came
    source      text        NOT NULL,
    message_id  text        NOT NULL,
    digest      bytea       NOT NULL,
    reason      text        NOT NULL,               -- of the outcome: code, field, fix
    waits_for   text[],                             -- the claim (name, key) that lets a held message go on
    payload     bytea,                              -- the message as it came, sealed; gone when settled
    kept_until  timestamptz NOT NULL,
    settled     text CHECK (settled IN ('redriven', 'dismissed', 'expired')),
    settled_at  timestamptz,
    settled_by  text                                -- the person; null when it went by itself
);
CREATE INDEX letter_open ON ledger.letter (kind, nth) WHERE settled IS NULL;
CREATE INDEX letter_by_message ON ledger.letter (source, message_id) WHERE settled IS NULL;
CREATE INDEX letter_by_age ON ledger.letter (kept_until) WHERE settled IS NULL;
CREATE INDEX letter_waiting ON ledger.letter (waits_for, nth) WHERE settled IS NULL AND kind = 'held';

CREATE TABLE ledger.inbound_cursor (                -- where intake reads on in each partition of an inbound topic
    topic       text   NOT NULL,
    part        int    NOT NULL,
    topic_id    text   NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, part)
);

CREATE TYPE ledger.new_event AS (stream uuid, version bigint, topic text, state bytea);
CREATE TYPE ledger.seen      AS (stream uuid, version bigint);
CREATE TYPE ledger.name      AS (name text, key text, stream uuid);
CREATE TYPE ledger.entry     AS (
    source text, message_id text, digest bytea, outcome text, stream uuid, version bigint, detail text,
    events ledger.new_event[], unchanged ledger.seen[], claims ledger.name[],
    series text, number_at int,                     -- fill the next number in, at this byte of the first event
    follows text[]                                  -- source and id of the message whose outcome it was decided on
);
CREATE TYPE ledger.answer    AS (
    entry int, verdict text, stream uuid, version bigint, position bigint, recorded_at timestamptz,
    digest bytea, outcome text, detail text
);
CREATE TYPE ledger.delivery  AS (                   -- where an entry's message came from, and what to keep of it
    topic text, topic_id text, part int, at_offset bigint,
    letter text, payload bytea, waits_for text[], kept_until timestamptz,
    redrives bigint, settled_by text                -- the letter that this message lay in, and who sent it on
);
CREATE TYPE ledger.cursor    AS (topic text, part int, topic_id text, was bigint, now bigint);

-- The library reads through its own words.
CREATE VIEW ledger.complaints_events AS
SELECT stream AS originator_id, version AS originator_version, topic, state, position AS notification_id
  FROM ledger.event;

-- What is written stays: refused to everybody, granted or not.
CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.claim
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.outcome
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keeps_answers BEFORE DELETE OR TRUNCATE ON ledger.inbox
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
-- A held message is answered once more, when what it waited for has come.
CREATE TRIGGER first_answer_stays BEFORE UPDATE ON ledger.inbox
    FOR EACH ROW WHEN (OLD.outcome <> 'held') EXECUTE FUNCTION ledger.refuse();
ALTER TABLE ledger.event   ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.claim   ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.outcome ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.inbox   ENABLE ALWAYS TRIGGER keeps_answers;
ALTER TABLE ledger.inbox   ENABLE ALWAYS TRIGGER first_answer_stays;

-- Keys and the index of persons: erasable, so apart from the ledger that is not.
CREATE SCHEMA keyring;
CREATE TABLE keyring.party_key   (party_id uuid PRIMARY KEY, wrapped bytea NOT NULL);
CREATE TABLE keyring.party_index (
    handle   bytea PRIMARY KEY,                     -- keyed hash of a phone number, e-mail address or plate
    party_id uuid  NOT NULL REFERENCES keyring.party_key ON DELETE CASCADE
);
CREATE INDEX party_index_by_party ON keyring.party_index (party_id);
