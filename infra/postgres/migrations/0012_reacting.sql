-- What the reactor has worked through, and the repeat rules it has to look at again.
CREATE TABLE running.reaction (                     -- one row for each kind of reaction
    name     text        PRIMARY KEY,
    position bigint      NOT NULL DEFAULT 0,        -- every event up to here was looked at
    beat_at  timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE running.repeat_share (                 -- what one complaint adds to one key of one rule
    cluster_id   uuid        NOT NULL,              -- made of rule and key
    complaint_id uuid        NOT NULL,
    rule         text        NOT NULL,              -- rulebook@version#rule
    key          jsonb       NOT NULL,              -- [{fact, value}]
    number       text        NOT NULL,
    received_at  timestamptz NOT NULL,
    zone         text        NOT NULL,
    parts        jsonb       NOT NULL,              -- [[instant, amount, whether it is open]]
    PRIMARY KEY (cluster_id, complaint_id)
);
CREATE INDEX ON running.repeat_share (complaint_id);

CREATE TABLE running.repeat_due (                   -- keys whose shares changed since somebody looked
    cluster_id uuid  PRIMARY KEY,
    rule       text  NOT NULL,
    key        jsonb NOT NULL
);
