-- The one way in, under one lock. Entries are taken in order, each whole or not at all, as if each were
-- a call of its own: one that cannot follow is told why and writes nothing, and those behind it go on.
CREATE OR REPLACE FUNCTION ledger.append(entries ledger.entry[]) RETURNS SETOF ledger.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    e ledger.entry; a ledger.answer; known inbox; head event; nth int := 0; last bigint; at timestamptz;
    run text; prefix text; wide int; number bigint; digits text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append has to see what the last writer wrote: READ COMMITTED';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger.append', 0));
    SELECT * INTO head FROM event ORDER BY position DESC LIMIT 1;
    last := coalesce(head.position, 0);
    at := greatest(clock_timestamp(), head.recorded_at + interval '1 microsecond');   -- never runs backwards

    FOREACH e IN ARRAY entries LOOP
        nth := nth + 1;

        -- A message answered before gets its first answer; one that was held gets its answer now.
        SELECT * INTO known FROM inbox WHERE source = e.source AND message_id = e.message_id;
        IF FOUND AND NOT (known.outcome = 'held' AND e.outcome <> 'held' AND known.digest = e.digest) THEN
            RETURN NEXT (nth, 'answered', known.stream, known.version, known.position, known.recorded_at,
                         known.digest, known.outcome, known.detail)::answer;
            CONTINUE;
        END IF;

        -- Every stream stands where it was seen: those we write to, and those we only looked at. What was
        -- decided on an earlier message's outcome falls with it, though another may have come to that version.
        SELECT saw.stream, now.version INTO a.stream, a.version
          FROM (SELECT stream, max(version) - count(*) FROM unnest(e.events) GROUP BY stream
                UNION ALL SELECT * FROM unnest(e.unchanged)) AS saw (stream, version),
               -- A stream without events stands at nothing, whether its writer counts from 1 (as we do) or from 0.
               LATERAL (SELECT coalesce(max(x.version), least(saw.version, 0)) FROM event AS x WHERE x.stream = saw.stream) AS now (version)
         WHERE saw.version <> now.version
            OR (saw.stream = e.stream AND e.follows IS NOT NULL AND NOT EXISTS (
                   SELECT FROM inbox AS i WHERE i.source = e.follows[1] AND i.message_id = e.follows[2]
                                            AND i.stream = saw.stream AND i.version = saw.version))
         LIMIT 1;
        IF FOUND THEN
            RETURN NEXT (nth, 'moved', a.stream, a.version, NULL, NULL, NULL, NULL, NULL)::answer;
            CONTINUE;
        END IF;

        -- A name belongs to one stream for ever.
        SELECT k.stream, k.name || ' ' || k.key INTO a.stream, a.detail FROM unnest(e.claims) AS c,
               LATERAL (SELECT * FROM claim WHERE name = c.name AND key = c.key LIMIT 1) AS k LIMIT 1;
        IF FOUND THEN
            RETURN NEXT (nth, 'taken', a.stream, NULL, NULL, NULL, NULL, NULL, a.detail)::answer;
            CONTINUE;
        END IF;
        INSERT INTO claim SELECT * FROM unnest(e.claims);

        -- The next number of its series goes into the first event's bytes: digits only, where its writer left
        -- room. `C-2026-` takes six of them, `W###` three or more, `#@466` begins with 466. A number that a
        -- complaint brought along is passed over; where it says of which series it is, that goes on behind it.
        -- `shipment:S-2026-` gives numbers that are names among shipments; one without a kind, among complaints.
        IF e.series IS NOT NULL THEN
            run := regexp_replace(e.series, '#+(@[0-9]+)?$', '');
            prefix := regexp_replace(run, '^[a-z_]+:', '');
            IF e.number_at IS NULL THEN
                SELECT substr(c.key, length(prefix) + 1)::bigint INTO number FROM unnest(e.claims) AS c WHERE c.name = 'number';
                INSERT INTO series VALUES (run, number) ON CONFLICT (series) DO UPDATE SET last = greatest(series.last, excluded.last);
            ELSE
                wide := coalesce(length(substring(e.series FROM '(#+)(?:@[0-9]+)?$')), 6);
                LOOP
                    INSERT INTO series VALUES (run, coalesce(substring(e.series FROM '@([0-9]+)$')::bigint, 1))
                        ON CONFLICT (series) DO UPDATE SET last = series.last + 1 RETURNING series.last INTO number;
                    digits := lpad(number::text, greatest(wide, length(number::text)), '0');
                    e.detail := prefix || digits;
                    INSERT INTO claim VALUES (coalesce(substring(run FROM '^([a-z_]+):'), 'number'), e.detail, e.stream)
                        ON CONFLICT DO NOTHING;
                    EXIT WHEN FOUND;
                END LOOP;
                e.events[1].state := overlay(e.events[1].state PLACING digits::bytea
                                             FROM e.number_at + 1 FOR length(e.series) - length(run));
            END IF;
        END IF;

        -- Positions without a hole.
        INSERT INTO event SELECT last + n, at + (n - 1) * interval '1 microsecond', stream, version, topic, state
                            FROM unnest(e.events) WITH ORDINALITY AS v (stream, version, topic, state, n);
        last := last + cardinality(e.events);
        at := at + cardinality(e.events) * interval '1 microsecond';
        a := (nth, 'recorded', e.stream, e.version, CASE WHEN cardinality(e.events) > 0 THEN last END,
              at - interval '1 microsecond', e.digest, e.outcome, e.detail);
        INSERT INTO inbox VALUES (e.source, e.message_id, a.digest, a.outcome, a.stream, a.version, a.position, a.recorded_at, a.detail)
            ON CONFLICT (source, message_id) DO UPDATE SET (outcome, stream, version, position, recorded_at, detail)
             = (excluded.outcome, excluded.stream, excluded.version, excluded.position, excluded.recorded_at, excluded.detail);
        RETURN NEXT a;
    END LOOP;
    PERFORM pg_notify('complaints_events', '');
END $$;
