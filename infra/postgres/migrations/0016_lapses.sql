-- When time alone changes the record of a complaint next: what the reactor waits for.
CREATE TABLE running.moment (
    complaint_id uuid        PRIMARY KEY,
    at           timestamptz NOT NULL              -- the first second after a due instant
);
CREATE INDEX ON running.moment (at);
DELETE FROM running.reaction;                       -- look at every complaint again: each may have a moment
