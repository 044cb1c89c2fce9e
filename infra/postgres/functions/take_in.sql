-- Delivered messages: append their entries, and in the same transaction note the outcome of each, keep what waits
-- or could not be read, settle the letters it lay in, and move the cursor once every message of the call has its outcome.
CREATE OR REPLACE FUNCTION ledger.take_in(entries ledger.entry[], deliveries ledger.delivery[], places ledger.cursor[])
RETURNS SETOF ledger.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    e ledger.entry; d ledger.delivery; a ledger.answer; p ledger.cursor; told text; kept_as text; last bigint;
    undecided int := 0; seen_before boolean; fails boolean;
    reused CONSTANT text := '{"code": "message-reused", "lacks": [{"field": "id", "fix": "use a new id for a new message", "clause": ""}]}';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger.append', 0));
    SELECT coalesce(max(nth), 0) INTO last FROM outcome;
    FOR a IN SELECT * FROM append(entries) LOOP
        RETURN NEXT a;
        e := entries[a.entry];
        d := deliveries[a.entry];
        IF a.verdict IN ('moved', 'taken') THEN            -- it is decided again
            undecided := undecided + 1;
            CONTINUE;
        END IF;
        seen_before := d.topic IS NOT NULL AND EXISTS (
            SELECT FROM outcome WHERE topic = d.topic AND topic_id = d.topic_id AND part = d.part AND at_offset = d.at_offset);
        IF a.verdict = 'answered' THEN
            -- The same delivery read again after a crash has its outcome, and so has a letter that another was quicker with.
            -- One that was held, and that our program now fails on, becomes a letter of that kind.
            fails := d.letter = 'defect' AND EXISTS (
                SELECT FROM letter WHERE nth = d.redrives AND settled IS NULL AND kind = 'held');
            CONTINUE WHEN seen_before OR d.redrives IS NOT NULL AND NOT fails;
            told := CASE WHEN fails THEN e.outcome WHEN a.digest = e.digest THEN 'duplicate' ELSE 'conflict' END;
            a.detail := CASE WHEN fails THEN e.detail WHEN told = 'conflict' THEN reused ELSE a.detail END;
            IF told = 'conflict' AND d.payload IS NULL THEN    -- somebody was quicker with this id: it is said again, to be kept
                undecided := undecided + 1;
                CONTINUE;
            END IF;
        ELSE
            told := a.outcome;
            IF seen_before THEN                            -- it was held when it was delivered, and is decided now
                d.topic := NULL; d.topic_id := NULL; d.part := NULL; d.at_offset := NULL;
            END IF;
            IF told <> 'held' THEN                         -- what was held has its answer
                UPDATE letter SET settled = CASE WHEN d.letter IN ('expired', 'dismissed') THEN d.letter ELSE 'redriven' END,
                                  settled_at = clock_timestamp(), settled_by = d.settled_by, payload = NULL
                 WHERE settled IS NULL AND source = e.source AND message_id = e.message_id AND kind IN ('held', 'defect');
            END IF;
        END IF;
        IF d.redrives IS NOT NULL THEN
            UPDATE letter SET settled = 'redriven', settled_at = clock_timestamp(), settled_by = d.settled_by, payload = NULL
             WHERE settled IS NULL AND nth = d.redrives;
        END IF;
        last := last + 1;
        INSERT INTO outcome VALUES (last, e.source, e.message_id, told, a.stream, a.version, a.position, a.detail,
                                    clock_timestamp(), d.topic, d.topic_id, d.part, d.at_offset);
        kept_as := CASE told WHEN 'conflict' THEN 'conflict' WHEN 'duplicate' THEN NULL ELSE nullif(d.letter, 'dismissed') END;
        IF kept_as IS NOT NULL THEN
            INSERT INTO letter VALUES (last, kept_as, e.source, e.message_id, e.digest, coalesce(a.detail, '{"code": "", "lacks": []}'),
                                       CASE kept_as WHEN 'held' THEN d.waits_for END, d.payload,
                                       CASE kept_as WHEN 'conflict' THEN clock_timestamp() + interval '1 year' ELSE d.kept_until END);
        END IF;
    END LOOP;
    IF undecided = 0 THEN
        FOREACH p IN ARRAY places LOOP
            IF p.was IS NULL THEN
                INSERT INTO inbound_cursor VALUES (p.topic, p.part, p.topic_id, p.now) ON CONFLICT DO NOTHING;
            ELSE
                UPDATE inbound_cursor SET next_offset = p.now
                 WHERE topic = p.topic AND part = p.part AND topic_id = p.topic_id AND next_offset = p.was;
            END IF;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'somebody else moved the cursor of % [%]', p.topic, p.part USING ERRCODE = 'LE001';
            END IF;
        END LOOP;
    END IF;
END $$;
