-- name: head
SELECT c.kind, c.checkpoint, c.metadata, t.first_step, t.pending,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(w.task, w.channel, w.kind, encode(w.value, 'base64'))
                                  ORDER BY w.path, w.task, w.idx), '[]')
        FROM writes w WHERE w.thread = t.id AND w.ns = '' AND w.checkpoint = t.checkpoint)
FROM threads t JOIN checkpoints c ON c.thread = t.id AND c.ns = '' AND c.id = t.checkpoint
WHERE t.id = %s;

-- name: lock_thread
SELECT pg_advisory_xact_lock(7473, hashtext(%s));

-- name: enter_thread
SELECT head, finished FROM enter_thread(%s);

-- name: waiting_of
SELECT e.position, e.version, e.id, e.type, e.schema_version, e.source, e.subject, e.stream, e.time, e.data,
       e.correlation, e.causation, e.traceparent, e.tenant
FROM waiting w JOIN events e ON e.position = w.position
WHERE w.thread = %s ORDER BY w.position LIMIT %s;

-- name: take_waiting
DELETE FROM waiting WHERE thread = %s AND position = ANY(%s);

-- name: put_checkpoint
INSERT INTO checkpoints (thread, ns, id, parent, kind, checkpoint, metadata) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (thread, ns, id) DO UPDATE SET kind = excluded.kind, checkpoint = excluded.checkpoint,
    metadata = excluded.metadata;

-- name: put_write
INSERT INTO writes (thread, ns, checkpoint, task, path, idx, channel, kind, value)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (thread, ns, checkpoint, task, idx) DO NOTHING;

-- name: replace_write
INSERT INTO writes (thread, ns, checkpoint, task, path, idx, channel, kind, value)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (thread, ns, checkpoint, task, idx) DO UPDATE SET channel = excluded.channel, kind = excluded.kind,
    value = excluded.value;

-- name: move_thread
WITH saved AS (
    INSERT INTO checkpoints (thread, ns, id, parent, kind, checkpoint, metadata) VALUES (%s, %s, %s, %s, %s, %s, %s)
    RETURNING thread, id
)
INSERT INTO threads (id, checkpoint, pending, first_step) SELECT thread, id, %s, %s FROM saved
ON CONFLICT (id) DO UPDATE SET checkpoint = excluded.checkpoint, pending = excluded.pending,
    first_step = excluded.first_step, moved = clock_timestamp();

-- name: prune
WITH old AS (DELETE FROM writes WHERE thread = %(thread)s AND (ns <> '' OR checkpoint <> %(keep)s))
DELETE FROM checkpoints WHERE thread = %(thread)s AND (ns <> '' OR id <> %(keep)s);

-- name: keep_latest
WITH latest AS (SELECT ns, max(id) AS id FROM checkpoints WHERE thread = %(thread)s GROUP BY ns),
     w AS (DELETE FROM writes USING latest
           WHERE thread = %(thread)s AND writes.ns = latest.ns AND writes.checkpoint <> latest.id)
DELETE FROM checkpoints USING latest
WHERE thread = %(thread)s AND checkpoints.ns = latest.ns AND checkpoints.id <> latest.id;

-- name: delete_thread
WITH w AS (DELETE FROM writes WHERE thread = %(thread)s), c AS (DELETE FROM checkpoints WHERE thread = %(thread)s),
     q AS (DELETE FROM waiting WHERE thread = %(thread)s)
DELETE FROM threads WHERE id = %(thread)s;

-- name: get_checkpoint
SELECT ns, id, parent, kind, checkpoint, metadata FROM checkpoints
WHERE thread = %s AND ns = %s AND (%s::text IS NULL OR id = %s) ORDER BY id DESC LIMIT 1;

-- name: list_checkpoints
SELECT thread, ns, id, parent, kind, checkpoint, metadata FROM checkpoints
WHERE (%(thread)s::text IS NULL OR thread = %(thread)s) AND (%(ns)s::text IS NULL OR ns = %(ns)s)
  AND (%(id)s::text IS NULL OR id = %(id)s) AND (%(before)s::text IS NULL OR id < %(before)s)
  AND metadata @> %(filter)s::jsonb
ORDER BY id DESC LIMIT %(limit)s;

-- name: list_writes
SELECT task, channel, kind, value FROM writes WHERE thread = %s AND ns = %s AND checkpoint = %s
ORDER BY path, task, idx;

-- name: overdue_threads
SELECT t.id, t.checkpoint, t.pending,
       (SELECT coalesce(jsonb_agg(DISTINCT w.task), '[]') FROM writes w
        WHERE w.thread = t.id AND w.ns = '' AND w.checkpoint = t.checkpoint),
       t.moved
FROM threads t
WHERE t.pending <> '[]' AND t.moved < clock_timestamp() - make_interval(secs => %s)
ORDER BY t.moved LIMIT %s FOR UPDATE OF t SKIP LOCKED;

-- name: touch_threads
UPDATE threads SET moved = clock_timestamp() WHERE id = ANY(%s);

-- name: forgotten_inputs
SELECT w.thread, min(w.position), min(e.recorded) FROM waiting w
JOIN events e ON e.position = w.position
LEFT JOIN threads t ON t.id = w.thread
WHERE coalesce(t.pending, '[]') = '[]' AND e.recorded < clock_timestamp() - make_interval(secs => %s)
GROUP BY w.thread ORDER BY max(w.position) DESC LIMIT %s;

-- name: rejected
SELECT id, max(at), max(at) < clock_timestamp() - make_interval(secs => %s) FROM rejections WHERE id = ANY(%s) GROUP BY id;
