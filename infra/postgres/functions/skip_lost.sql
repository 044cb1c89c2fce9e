-- Messages that were removed before we read them are gone: an operator lets reading go on behind them.
CREATE OR REPLACE FUNCTION ledger.skip_lost(of_topic text, of_part int, was bigint, new_topic_id text, now bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    UPDATE inbound_cursor SET topic_id = new_topic_id, next_offset = now
     WHERE topic = of_topic AND part = of_part AND next_offset = was;
    RETURN FOUND;
END $$;
