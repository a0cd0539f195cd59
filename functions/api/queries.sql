-- name: standing
SELECT (SELECT language FROM learner WHERE learner = %(learner)s AND NOT erased),
       ARRAY(SELECT goal FROM goal WHERE learner = %(learner)s AND goal = ANY(%(goals)s));

-- name: time_spent
SELECT (time AT TIME ZONE %(zone)s)::date AS day, sum((data->>'seconds')::float8)
FROM events WHERE stream = 'activity/' || %(learner)s AND type = 'goals.code.edited' GROUP BY 1 ORDER BY 1;

-- name: goals_solved
SELECT count(*) FROM goal WHERE learner = %s AND state = 'solved';

-- name: attempts
SELECT goal, concepts, kind = 'review' AND purpose = 'submit', correct AND NOT assisted, at
FROM evaluation WHERE learner = %s AND withdrawn IS NULL AND cardinality(concepts) > 0 ORDER BY at, number;

-- name: retention
SELECT data->'retention' FROM events
WHERE subject = %s AND type = 'goals.evaluation.summarised' ORDER BY position DESC LIMIT 1;

-- name: unfinished_runs
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events e
WHERE position > (SELECT coalesce(max(position), 0) FROM events) - %s AND type = 'goals.run.requested'
  AND recorded < clock_timestamp() - make_interval(secs => %s)
  AND NOT EXISTS (SELECT FROM events f WHERE f.correlation = e.correlation AND f.subject = e.subject
                                         AND f.type IN ('goals.run.finished', 'goals.run.cancelled')
                                         AND f.causation = e.id)
ORDER BY position DESC LIMIT %s;

-- name: recent_requests
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE subject = %s AND type = 'goals.run.requested' ORDER BY position DESC LIMIT 50;

-- name: known_runs
SELECT run FROM run WHERE run = ANY(%s);

-- name: busy_threads
SELECT id, moved, jsonb_array_length(pending) FROM threads WHERE pending <> '[]' ORDER BY moved LIMIT 100;

-- name: threads_busy
SELECT count(*), coalesce(extract(epoch FROM now() - min(moved)), 0)::float8 FROM threads WHERE pending <> '[]';

-- name: positions
SELECT coalesce((SELECT max(position) FROM events), 0), coalesce((SELECT max(position) FROM lake_position), 0);

-- name: waiting
SELECT count(*), count(DISTINCT thread) FROM waiting;

-- name: goals_all
SELECT goal FROM goal WHERE learner = %s;

-- name: forget_rejections
UPDATE rejections SET body = '' WHERE position(convert_to(%s, 'UTF8') IN body) > 0;

-- name: forget_workspace
DELETE FROM payloads WHERE learner = %(learner)s AND 'payload:' || id IN (
    SELECT ref FROM events e, LATERAL (VALUES (e.data ->> 'languages'), (e.data ->> 'dependencies')) AS v (ref)
    WHERE e.subject = %(learner)s AND e.type = 'goals.workspace.seen');
