-- Who may do what in the database. The web and intake processes read the ledger and call its functions, no more.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO ledger_app, ledger_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ledger_app;
GRANT EXECUTE ON FUNCTION ledger.append, ledger.take_in, ledger.settle_letter, ledger.skip_lost TO ledger_app;
GRANT SELECT ON ledger.event, ledger.complaints_events, ledger.outcome, ledger.inbound_cursor TO ledger_projector;
GRANT SELECT (nth, kind, source, message_id, digest, reason) ON ledger.letter TO ledger_projector;
GRANT USAGE ON SCHEMA keyring TO ledger_keys;
GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA keyring TO ledger_keys;
GRANT USAGE ON SCHEMA running TO ledger_app, ledger_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA running TO ledger_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA running TO ledger_projector;
GRANT USAGE ON SCHEMA reading TO ledger_app;
