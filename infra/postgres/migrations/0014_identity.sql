-- What signing in needs. It names people and can be erased, so it stands apart from the ledger, which cannot.
CREATE SCHEMA identity;

CREATE TABLE identity.login (                       -- what a person types; found by it, never shown by it
    login   text PRIMARY KEY CHECK (octet_length(login) BETWEEN 1 AND 400),
    account uuid NOT NULL UNIQUE
);

CREATE TABLE identity.password (
    account uuid        PRIMARY KEY REFERENCES identity.login (account) ON DELETE CASCADE,
    hash    text        NOT NULL,                   -- argon2id, with its own salt and cost
    set_at  timestamptz NOT NULL
);

CREATE TABLE identity.link (                        -- opens once: the set-up, or one person's own password
    digest     bytea       PRIMARY KEY,             -- SHA-256 of what was printed; the rest nobody keeps
    account    uuid,                                -- null: the first administrator, who has no account yet
    expires_at timestamptz NOT NULL
);

CREATE TABLE identity.session (
    digest     bytea       PRIMARY KEY,             -- SHA-256 of the cookie
    account    uuid        NOT NULL,
    role_nth   bigint      NOT NULL DEFAULT 0,      -- the grant they act in (or delegation): its version in the account
    begun_at   timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    proved_by  text        NOT NULL                 -- 'password', 'oidc'
) WITH (fillfactor = 70);
CREATE INDEX session_by_account ON identity.session (account);

CREATE TABLE identity.key (                         -- of a program
    id        text        PRIMARY KEY,
    account   uuid        NOT NULL,
    digest    bytea       NOT NULL,                 -- SHA-256: 32 random bytes need no slow hash
    used_at   timestamptz
) WITH (fillfactor = 70);

CREATE TABLE identity.attempt (                     -- every try to sign in or to sign: the limits count them
    nth     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    login   bytea       NOT NULL,                   -- SHA-256 of what was typed: people type passwords there
    account uuid,                                   -- whose it is, if anybody's
    address text        NOT NULL,
    outcome text        NOT NULL CHECK (outcome IN ('in', 'wrong', 'locked', 'too_many', 'unsigned'))
);
CREATE INDEX attempt_by_login ON identity.attempt (login, at);
CREATE INDEX attempt_by_address ON identity.attempt (address, at);

CREATE TABLE identity.look (                        -- who looked at personal data, fines and exports; only ever longer
    nth    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL,
    person text        NOT NULL,
    role   text        NOT NULL,
    what   text        NOT NULL CHECK (what IN ('personal', 'penalties', 'export', 'bundle')),
    about  text        NOT NULL,                    -- the address that was asked, without its questions
    why    text
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.look
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE identity.look ENABLE ALWAYS TRIGGER append_only;
