-- What people are told of what happened by itself, each thing once for each recipient.
CREATE TABLE running.outbox (
    id         uuid        PRIMARY KEY,              -- made of event, recipient and channel
    position   bigint      NOT NULL,                 -- of the event it tells
    topic      text        NOT NULL,
    number     text        NOT NULL,                 -- of the complaint; empty for an alarm
    recipient  text        NOT NULL,                 -- as the file of recipients calls them
    channel    text        NOT NULL CHECK (channel IN ('mail', 'webhook')),
    words      text        NOT NULL,                 -- one line, in the recipient's language
    state      text        NOT NULL DEFAULT 'waiting'
               CHECK (state IN ('waiting', 'sending', 'sent', 'unsure', 'failed')),
    not_before timestamptz NOT NULL,                 -- quiet hours, or the next try
    tries      integer     NOT NULL DEFAULT 0,
    letter     uuid,                                 -- which it went in, with others
    why        text,                                 -- what came of the last try
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON running.outbox (state, not_before);
