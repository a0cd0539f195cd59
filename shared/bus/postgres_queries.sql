-- name: new_session
WITH number AS MATERIALIZED (SELECT nextval('bus.sessions')::integer AS n)
SELECT n, pg_advisory_lock(1651864436, n) FROM number;

-- name: declare_queue
INSERT INTO bus.queues (name, delivery_limit) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET delivery_limit = excluded.delivery_limit;

-- name: bind
INSERT INTO bus.bindings (queue, pattern, likes, words, regex) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (queue, pattern) DO NOTHING;

-- name: publish
SELECT bus.publish(%s::text[], %s::text[], %s::bytea[], %s::boolean[]);

-- name: ack
DELETE FROM bus.messages WHERE position = ANY (%s::bigint[]) AND holder = %s;

-- name: bury
WITH gone AS (
    DELETE FROM bus.messages WHERE position = ANY (%s::bigint[]) AND holder = %s RETURNING *
)
INSERT INTO bus.dead (queue, id, key, body, attempt, reason)
SELECT queue, id, key, body, attempt, 'rejected' FROM gone ORDER BY position;

-- name: give_back
SELECT bus.give_back(ARRAY(SELECT position FROM bus.messages WHERE position = ANY (%s::bigint[]) AND holder = %s));

-- name: take
WITH taken AS MATERIALIZED (
    SELECT w.position FROM unnest(%s::text[], %s::integer[]) AS wanted (queue, most)
    CROSS JOIN LATERAL (
        SELECT m.position FROM bus.messages m
        WHERE m.queue = wanted.queue AND m.holder IS NULL
        ORDER BY m.position LIMIT wanted.most FOR UPDATE SKIP LOCKED
    ) AS w
)
UPDATE bus.messages m SET holder = %s, attempt = m.attempt + 1 FROM taken
WHERE m.position = taken.position
RETURNING m.position, m.queue, m.key, m.body, m.attempt;

-- name: inherit
UPDATE bus.messages SET holder = %s WHERE holder = %s;

-- name: free_the_gone
SELECT bus.give_back(ARRAY(
    SELECT m.position FROM bus.messages m
    WHERE m.holder = ANY (ARRAY(
        SELECT h FROM (SELECT DISTINCT holder AS h FROM bus.messages WHERE holder IS NOT NULL OFFSET 0) AS held
        WHERE h <> %s AND pg_try_advisory_xact_lock(1651864436, h)
    )) FOR UPDATE SKIP LOCKED
));

-- name: depth
SELECT count(*) FROM bus.messages WHERE queue = %s AND holder IS NULL;

-- name: dead_letters
SELECT id, key, body, reason, attempt FROM bus.dead WHERE queue = %s ORDER BY position LIMIT %s;

-- name: replay
WITH chosen AS (
    DELETE FROM bus.dead WHERE queue = %s AND (%s::text[] IS NULL OR id = ANY (%s::text[])) RETURNING *
), back AS (
    INSERT INTO bus.messages (queue, id, key, body) SELECT queue, id, key, body FROM chosen ORDER BY position
)
SELECT count(*), pg_notify('bus', min(queue)) FROM chosen;

-- name: routed
SELECT DISTINCT key FROM unnest(%s::text[]) AS key JOIN bus.bindings b
  ON (b.words IS NULL OR b.words = length(key) - length(replace(key, '.', '')) + 1)
 AND key LIKE ANY (b.likes) AND (b.regex IS NULL OR '.' || key ~ b.regex);
