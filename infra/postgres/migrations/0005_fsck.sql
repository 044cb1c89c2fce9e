-- What became of each comparison of a read model with the store. Of a difference its place, never its values.
CREATE TABLE running.fsck (
    nth        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    projection text        NOT NULL,
    generation text        NOT NULL,
    began_at   timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    position   bigint      NOT NULL,                -- every event up to here was in the tables
    events     bigint      NOT NULL,
    outcome    text        NOT NULL CHECK (outcome IN ('same', 'differs', 'failed')),
    place      text                                 -- table, row and column; or the kind of error
);
CREATE INDEX fsck_last ON running.fsck (projection, nth DESC);
