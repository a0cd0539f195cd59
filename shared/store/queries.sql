-- name: lock_log
SELECT pg_advisory_xact_lock(7470);

-- name: log_head
SELECT coalesce(max(position), 0) FROM events;

-- name: stream_heads
SELECT s, coalesce((SELECT e.version FROM events e WHERE e.stream = s ORDER BY e.version DESC LIMIT 1), 0)
FROM unnest(%s::text[]) AS s;

-- name: already
SELECT e.source, e.id, e.position, e.version
FROM unnest(%s::text[], %s::text[]) AS k (source, id)
JOIN events e ON e.source = k.source AND e.id = k.id;

-- name: insert_events
INSERT INTO events (position, stream, version, id, source, type, schema_version, subject, tenant, time,
                    correlation, causation, traceparent, data)
SELECT * FROM json_to_recordset(%s::json)
           AS t (position bigint, stream text, version bigint, id text, source text, type text, schema_version int,
                 subject text, tenant text, time timestamptz, correlation text, causation text, traceparent text,
                 data jsonb);

-- name: insert_payloads
INSERT INTO payloads (id, learner, body)
SELECT p.* FROM unnest(%s::text[], %s::text[], %s::text[]) AS p (id, learner, body)
WHERE NOT EXISTS (SELECT FROM erased e WHERE e.learner = p.learner)
ON CONFLICT (id) DO NOTHING;

-- name: insert_waiting
INSERT INTO waiting (thread, position) SELECT * FROM unnest(%s::text[], %s::bigint[]) ON CONFLICT DO NOTHING;

-- name: outbox_range
INSERT INTO outbox (id, first, last) VALUES (%s, %s, %s);

-- name: outbox_messages
INSERT INTO outbox (id, message_id, key, body)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[]);

-- name: outbox_done
DELETE FROM outbox WHERE id = ANY(%s::uuid[]);

-- name: outbox_overdue
SELECT id, first, last, message_id, key, body FROM outbox
WHERE written < clock_timestamp() - make_interval(secs => %s)
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED;

-- name: outbox_depth
SELECT count(*) FROM outbox;

-- name: read_stream
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE stream = %s AND version > %s ORDER BY version LIMIT %s;

-- name: read_stream_of
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE stream = %s AND type = %s ORDER BY version LIMIT %s;

-- name: read_all
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE position > %s ORDER BY position LIMIT %s;

-- name: read_range
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE position BETWEEN %s AND %s ORDER BY position;

-- name: read_subject
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE subject = %s AND position > %s ORDER BY position LIMIT %s;

-- name: read_correlation
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE correlation = %s ORDER BY position LIMIT %s;

-- name: read_ids
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE subject = %s AND id = ANY(%s) ORDER BY position;

-- name: subject_head
SELECT coalesce(max(position), 0) FROM events WHERE subject = %s;

-- name: read_payloads
SELECT id, body FROM payloads WHERE learner = %s AND id = ANY(%s);

-- name: mark_erased
INSERT INTO erased (learner) VALUES (%s) ON CONFLICT DO NOTHING;

-- name: erase_payloads
DELETE FROM payloads WHERE learner = %s;

-- name: reject
INSERT INTO rejections (id, consumer, type, reason, body) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (consumer, id) DO UPDATE SET reason = excluded.reason, at = clock_timestamp();

-- name: rejections
SELECT consumer, id, type, reason, at FROM rejections ORDER BY at DESC LIMIT %s;

-- name: projection_stands
SELECT version, position FROM projection;
