-- Delivered messages: append their entries, and in the same transaction note the outcome of each, keep what waits
-- or could not be read, settle what was held, and move the cursor once every message of the call has its outcome.
CREATE OR REPLACE FUNCTION ledger.take_in(entries ledger.entry[], deliveries ledger.delivery[], places ledger.cursor[])
RETURNS SETOF ledger.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    e ledger.entry; d ledger.delivery; a ledger.answer; p ledger.cursor; told text; undecided int := 0; last bigint;
    at timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger.append', 0));
    SELECT coalesce(max(nth), 0) INTO last FROM outcome;
    FOR a IN SELECT * FROM append(entries) LOOP
        RETURN NEXT a;
        e := entries[a.entry];
        d := deliveries[a.entry];
        told := CASE WHEN a.verdict = 'recorded' THEN a.outcome
                     WHEN a.verdict = 'answered' AND a.digest = e.digest THEN 'duplicate'
                     WHEN a.verdict = 'answered' THEN 'conflict' END;
        IF told IS NULL THEN                               -- moved or taken: it is decided again
            undecided := undecided + 1;
            CONTINUE;
        END IF;
        -- The same delivery read again after a crash has its outcome already.
        CONTINUE WHEN d.topic IS NOT NULL AND EXISTS (
            SELECT FROM outcome WHERE topic = d.topic AND topic_id = d.topic_id AND part = d.part AND at_offset = d.at_offset);
        last := last + 1;
        at := coalesce(a.recorded_at, clock_timestamp());
        INSERT INTO outcome VALUES (last, e.source, e.message_id, told, a.stream, a.version, a.position, a.detail,
                                    clock_timestamp(), d.topic, d.topic_id, d.part, d.at_offset);
        IF told IN ('held', 'conflict', 'malformed') THEN
            INSERT INTO letter VALUES (last, told, e.source, e.message_id, e.digest,
                                       coalesce(CASE WHEN a.verdict = 'recorded' THEN a.detail END, '{"code":"conflict","lacks":[]}'),
                                       CASE WHEN told = 'held' THEN d.waits_for END, d.payload, d.kept_until, NULL, NULL);
        ELSIF a.verdict = 'recorded' THEN                  -- what was held has its answer now
            UPDATE letter SET settled = 'redriven', settled_at = clock_timestamp(), payload = NULL
             WHERE kind = 'held' AND settled IS NULL AND source = e.source AND message_id = e.message_id;
        END IF;
    END LOOP;
    IF undecided = 0 THEN
        FOREACH p IN ARRAY places LOOP
            INSERT INTO inbound_cursor AS c VALUES (p.topic, p.part, p.topic_id, p.now)
                ON CONFLICT (topic, part) DO UPDATE SET (topic_id, next_offset) = (excluded.topic_id, excluded.next_offset)
                    WHERE c.next_offset = p.was AND c.topic_id = p.topic_id;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'somebody else moved the cursor of % [%]', p.topic, p.part USING ERRCODE = 'LE001';
            END IF;
        END LOOP;
    END IF;
END $$;
