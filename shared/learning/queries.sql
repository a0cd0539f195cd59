-- name: only_one
SELECT pg_try_advisory_xact_lock(7479);

-- name: stands
SELECT version, position, learnt, ready FROM model_fold WHERE version = %s;

-- name: begin
INSERT INTO model_fold (version, moved) VALUES (%s, %s) ON CONFLICT DO NOTHING;

-- name: moved
UPDATE model_fold SET position = %(after)s, learnt = learnt + %(learnt)s, ready = ready OR %(ready)s, moved = %(now)s
WHERE version = %(version)s AND position = %(before)s;

-- name: lock
SELECT pg_advisory_xact_lock(7479);

-- name: facts
SELECT e.position, e.subject, e.type, e.schema_version, e.data, extract(epoch FROM e.time)::float8, a.schema_version, a.data
FROM events e
LEFT JOIN events a ON e.type = 'goals.hint.given' AND a.stream = e.stream AND a.version = 1
                  AND a.type = 'goals.goal.assigned'
WHERE e.position > %(after)s AND e.position <= %(head)s AND e.type = ANY(%(types)s)
ORDER BY e.position LIMIT %(limit)s;

-- name: erased_at
SELECT subject, min(position) FROM events
WHERE type = 'goals.learner.erased' AND subject = ANY(ARRAY(SELECT learner FROM erased WHERE learner = ANY(%s)))
GROUP BY subject;

-- name: parts
SELECT name, part FROM model_part WHERE version = %s AND name = ANY(%s);

-- name: put_parts
INSERT INTO model_part (version, name, part)
SELECT %s, t.name, t.part::jsonb FROM unnest(%s::text[], %s::text[]) AS t (name, part)
ON CONFLICT (version, name) DO UPDATE SET part = excluded.part;

-- name: drop_parts
DELETE FROM model_part WHERE version = %s AND name = ANY(%s);

-- name: memory
SELECT first, attempts, outcomes FROM model_memory WHERE version = %s ORDER BY first;

-- name: remember
INSERT INTO model_memory (version, first, attempts, outcomes) VALUES (%s, %s, %s, %s);

-- name: outlived
DELETE FROM model_memory WHERE version = %s AND first + length(outcomes) <= %s;

-- name: erase_learner
-- Where nothing of theirs is still to be folded, their part goes at once; otherwise the fold deletes it when it comes to
-- the erasure, so that what they taught is the same either way.
DELETE FROM model_part p WHERE p.name = 'learner:' || %(learner)s AND NOT EXISTS (
    SELECT FROM model_fold f JOIN events e ON e.subject = %(learner)s AND e.position > f.position
    WHERE f.version = p.version AND e.type IN ('goals.goal.assigned', 'goals.hint.given', 'goals.evaluation.recorded'));

-- name: others
SELECT version FROM model_fold WHERE version <> %s AND moved < %s;

-- name: drop_fold
WITH parts AS (DELETE FROM model_part WHERE version = ANY(%(versions)s)),
     memory AS (DELETE FROM model_memory WHERE version = ANY(%(versions)s))
DELETE FROM model_fold WHERE version = ANY(%(versions)s);

-- name: lag
SELECT coalesce(f.learnt, 0), coalesce(f.ready, false),
       (SELECT coalesce(max(position), 0) FROM events) - coalesce(f.position, 0)
FROM (SELECT %(version)s AS version) v LEFT JOIN model_fold f USING (version);

-- name: weighed
SELECT (SELECT count(*) FROM model_part WHERE version = %(version)s),
       (SELECT coalesce(sum(pg_column_size(part)), 0) FROM model_part WHERE version = %(version)s)
     + (SELECT coalesce(sum(length(attempts) + length(outcomes)), 0) FROM model_memory WHERE version = %(version)s);
