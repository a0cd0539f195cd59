-- The queue in PostgreSQL, made by `PostgresBus.declare` in one transaction; its own schema, so that erasing the bus
-- is one DROP. The schema's comment is the version of this file: while it is the same, the file is not run again.

CREATE SCHEMA IF NOT EXISTS bus;
COMMENT ON SCHEMA bus IS '1';

-- Numbers the sessions that hold messages. A session holds the advisory lock (1651864436, number) while it lives.
CREATE SEQUENCE IF NOT EXISTS bus.sessions AS integer CYCLE;

CREATE TABLE IF NOT EXISTS bus.queues (
    name           text PRIMARY KEY,
    delivery_limit integer NOT NULL
);

-- An AMQP topic pattern, prepared for matching: `likes` is enough for patterns with `*` or with one `#`
-- (and `words`, when set, is the number of words the key must have); all others need
-- `regex` as well, which is matched against '.' || key: PostgreSQL keeps only 32 compiled expressions, LIKE needs none.
CREATE TABLE IF NOT EXISTS bus.bindings (
    queue   text NOT NULL REFERENCES bus.queues ON DELETE CASCADE,
    pattern text NOT NULL,
    likes   text[] NOT NULL,
    words   integer,
    regex   text,
    PRIMARY KEY (queue, pattern)
);

-- `holder`: the session that has the message in hand, null when it waits. `attempt`: how often it was handed out.
CREATE TABLE IF NOT EXISTS bus.messages (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue    text NOT NULL,
    id       text NOT NULL,
    key      text NOT NULL,
    body     bytea NOT NULL,
    attempt  integer NOT NULL DEFAULT 0,
    holder   integer
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX IF NOT EXISTS messages_waiting ON bus.messages (queue, position) WHERE holder IS NULL;
CREATE INDEX IF NOT EXISTS messages_held ON bus.messages (holder) WHERE holder IS NOT NULL;

CREATE TABLE IF NOT EXISTS bus.dead (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue    text NOT NULL,
    id       text NOT NULL,
    key      text NOT NULL,
    body     bytea NOT NULL,
    attempt  integer NOT NULL,
    reason   text NOT NULL,
    at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS dead_of_queue ON bus.dead (queue, position);

-- One row a message and matching queue. A mandatory message that reaches no queue undoes the whole statement.
-- The notification is a hint for whoever listens; it goes out when the transaction commits. Planning anew at each call
-- would cost more than the rest of it.
CREATE OR REPLACE FUNCTION bus.publish(keys text[], ids text[], bodies bytea[], mandatories boolean[])
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    missing text[];
    reached text[];
BEGIN
    WITH message AS MATERIALIZED (
        SELECT n, key, id, body, mandatory, length(key) - length(replace(key, '.', '')) + 1 AS words
        FROM unnest(keys, ids, bodies, mandatories) WITH ORDINALITY AS m (key, id, body, mandatory, n)
    ), route AS MATERIALIZED (
        SELECT DISTINCT m.n, b.queue
        FROM message m JOIN bus.bindings b
          ON (b.words IS NULL OR b.words = m.words) AND m.key LIKE ANY (b.likes) AND (b.regex IS NULL OR '.' || m.key ~ b.regex)
    ), stored AS (
        INSERT INTO bus.messages (queue, id, key, body)
        SELECT r.queue, m.id, m.key, m.body FROM route r JOIN message m USING (n) ORDER BY m.n
    )
    SELECT (SELECT array_agg(DISTINCT m.key) FROM message m
            WHERE m.mandatory AND NOT EXISTS (SELECT FROM route r WHERE r.n = m.n)),
           (SELECT array_agg(DISTINCT r.queue) FROM route r)
    INTO missing, reached;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'GB001', MESSAGE = 'no queue takes ' || array_to_string(missing, ', ');
    END IF;
    PERFORM pg_notify('bus', q) FROM unnest(reached) AS q;
END $$;

-- Puts messages back that somebody had in hand; those handed out often enough are dead.
CREATE OR REPLACE FUNCTION bus.give_back(positions bigint[])
RETURNS void LANGUAGE sql AS $$
    WITH spent AS (
        DELETE FROM bus.messages m USING bus.queues q
        WHERE m.position = ANY (positions) AND q.name = m.queue AND m.attempt >= q.delivery_limit
        RETURNING m.*
    ), buried AS (
        INSERT INTO bus.dead (queue, id, key, body, attempt, reason)
        SELECT queue, id, key, body, attempt, 'delivery_limit' FROM spent ORDER BY position
    )
    UPDATE bus.messages m SET holder = NULL FROM bus.queues q
    WHERE m.position = ANY (positions) AND q.name = m.queue AND m.attempt < q.delivery_limit
$$;
