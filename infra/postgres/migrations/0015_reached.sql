-- Up to which position the tables of each generation stand. What a partition's tables reflect: what was read of it;
-- or, when all that the relay put there was read, all that the relay has come to. A partition that nothing happens
-- in would else hold the others back.
CREATE VIEW running.reached AS
WITH part AS (
    SELECT c.generation, c.feed, l.beat_at,
           greatest(c.reflected, CASE
               WHEN c.next_offset >= coalesce(m.next_offset, 0) THEN r.position END) AS reached
      FROM running.cursor AS c
      LEFT JOIN running.relay AS r ON (r.topic, r.topic_id) = (c.feed, c.topic_id)
      LEFT JOIN running.relay_mark AS m ON (m.relay, m.part) = (r.name, c.part)
      LEFT JOIN running.lease AS l ON (l.generation, l.feed, l.part) = (c.generation, c.feed, c.part)
), feed AS (
    SELECT generation, feed, min(reached) AS reached,
           CASE WHEN bool_and(beat_at IS NOT NULL) THEN min(beat_at) END AS beat_at
      FROM part GROUP BY generation, feed
)
SELECT g.name AS generation, coalesce(max(f.reached), 0) AS position, max(f.beat_at) AS beat_at
  FROM running.generation AS g LEFT JOIN feed AS f ON f.generation = g.name GROUP BY g.name;

-- The same for those who read by SQL, and may look into nothing else.
CREATE VIEW reading.freshness AS
SELECT g.projection, g.name AS generation, g.definition, r.position, e.recorded_at
  FROM running.generation AS g
  JOIN running.reached AS r ON r.generation = g.name
  LEFT JOIN ledger.event AS e ON e.position = r.position
 WHERE g.state = 'live';
ALTER VIEW reading.freshness OWNER TO ledger_projector;
