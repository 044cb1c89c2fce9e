-- A person dismissed a letter, or its time is over: what it held goes, that it was stays.
CREATE OR REPLACE FUNCTION ledger.settle_letter(letter_nth bigint, how text, who text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    UPDATE letter SET settled = how, settled_at = clock_timestamp(), settled_by = who, payload = NULL
     WHERE nth = letter_nth AND settled IS NULL;
    RETURN FOUND;
END $$;
