-- name: attempts
SELECT run, goal, kind, challenge, course, at, (at AT TIME ZONE %(zone)s)::date, purpose, number, verdict, passed,
       failed, total, fault
FROM (
    SELECT r.*, g.kind, g.challenge, g.course, row_number() OVER (PARTITION BY r.goal ORDER BY r.at, r.run) AS number
    FROM run r JOIN goal g USING (goal) WHERE r.learner = %(learner)s) AS numbered
WHERE %(since)s::text IS NULL OR to_char(at, 'YYYY-MM') >= %(since)s
ORDER BY at, run;

-- name: evaluations
SELECT event, run, goal, kind, challenge, concepts, at, (at AT TIME ZONE %(zone)s)::date, purpose, number, correct,
       assisted, expected, score, seconds, pace, error, withdrawn
FROM evaluation
WHERE learner = %(learner)s AND (%(since)s::text IS NULL OR to_char(at, 'YYYY-MM') >= %(since)s)
ORDER BY at, event;

-- name: mastery
SELECT day, concept, (last ->> 'after')::float, (first ->> 'before')::float, (last ->> 'assisted')::float,
       (last ->> 'unassisted')::float, (last ->> 'uncertainty')::float, (last ->> 'attempts')::int, changes
FROM (
    SELECT (time AT TIME ZONE %(zone)s)::date AS day, data ->> 'concept' AS concept, count(*) AS changes,
           (array_agg(data ORDER BY position))[1] AS first, (array_agg(data ORDER BY position DESC))[1] AS last
    FROM events WHERE subject = %(learner)s AND type = 'goals.mastery.changed' GROUP BY 1, 2) AS days
ORDER BY day, concept;

-- name: goals
SELECT goal, day, kind, challenge, challenge_version, variant, course, concepts, difficulty, minutes, state, because,
       assigned, opened, closed, runs, failures, hints, best, total
FROM goal WHERE learner = %(learner)s
ORDER BY day, assigned, goal;

-- name: mood
SELECT time, (time AT TIME ZONE %(zone)s)::date, CASE type WHEN 'goals.mood.answered' THEN 'answered' ELSE 'observed' END,
       coalesce(data ->> 'answer', data ->> 'state'), data ->> 'signal', data ->> 'effect', data ->> 'goal'
FROM events e
WHERE subject = %(learner)s AND (type = 'goals.mood.observed' OR (type = 'goals.mood.answered' AND data ? 'answer'))
  AND position > (SELECT coalesce(max(f.position), 0) FROM events f
                  WHERE f.subject = %(learner)s AND f.type = 'goals.mood.forgotten')
ORDER BY position;

-- name: touched_since
SELECT to_char(min(at), 'YYYY-MM') FROM (
    SELECT time AS at FROM events WHERE subject = %(learner)s AND position > %(after)s
    UNION ALL
    SELECT v.at FROM events e JOIN evaluation v ON v.event = e.data ->> 'evaluation'
    WHERE e.subject = %(learner)s AND e.position > %(after)s AND e.type = 'goals.evaluation.withdrawn') AS touched;
