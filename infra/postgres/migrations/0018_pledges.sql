-- What is pledged and not judged yet, and the items it is counted over.
CREATE TABLE running.pledge (
    complaint_id uuid        NOT NULL,
    pledge       text        NOT NULL,
    product      text,                               -- none: any
    batch        text,
    defect       text,
    at_most      integer     NOT NULL,
    since        timestamptz NOT NULL,
    until        timestamptz NOT NULL,               -- the last second of its day
    PRIMARY KEY (complaint_id, pledge)
);

CREATE TABLE running.pledged_item (                  -- what each complaint is about, as far as a pledge may ask
    complaint_id uuid        NOT NULL,
    nth          integer     NOT NULL,
    product      text,
    batch        text,
    defect       text,
    received_at  timestamptz NOT NULL,
    PRIMARY KEY (complaint_id, nth)
);
CREATE INDEX ON running.pledged_item (product, received_at);
CREATE INDEX ON running.pledged_item (batch, received_at);
CREATE INDEX ON running.pledged_item (defect, received_at);
DELETE FROM running.reaction WHERE name = 'complaints';  -- look at every complaint again for these
