-- Where intake stands in each partition of the topics that others write, as it last said.
CREATE TABLE running.inbound (
    topic       text        NOT NULL,
    part        int         NOT NULL,
    next_offset bigint      NOT NULL,
    end_offset  bigint      NOT NULL,                -- of what is committed: next_offset is to get there
    open_until  bigint      NOT NULL,                -- beyond end_offset while a transaction of a sender is open
    beat_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, part)
) WITH (fillfactor = 50);
