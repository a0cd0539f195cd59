-- name: events
INSERT INTO events (position, stream, version, id, source, type, schema_version, subject, tenant, time, correlation, data)
SELECT n, 'goal/g' || n, 1, md5('id' || n), '/functions/evaluation',
       CASE WHEN n %% 4 < 2 THEN 'goals.evaluation.recorded' WHEN n %% 4 = 2 THEN 'goals.mastery.changed' ELSE 'goals.run.finished' END,
       1, 'learner-' || (n * 7919) %% %(learners)s, 'public',
       timestamptz '2026-09-01 06:00+00' + make_interval(secs => n * %(seconds)s), md5('c' || n / 8),
       CASE WHEN n %% 4 < 2 THEN jsonb_build_object(
           'goal', md5('g' || n / 8), 'run', md5('r' || n), 'challenge', 'challenge-' || n %% 40, 'concepts',
           jsonb_build_array('loops', 'lists'), 'correct', n %% 3 > 0, 'assisted', n %% 7 = 0, 'purpose', 'submit',
           'expected', round((0.3 + (n %% 61) / 100.0)::numeric, 3), 'score', round(((n %% 11) / 10.0)::numeric, 2),
           'attempt', 1 + n %% 5, 'seconds', n %% 900, 'error', NULL, 'pace', NULL, 'weight', 1.0, 'deltas',
           jsonb_build_object('l:learner-' || n %% 499, round((sin(n) / 9)::numeric, 6), 'i:challenge-' || n %% 40,
                              round((cos(n) / 9)::numeric, 6)))
       WHEN n %% 4 = 2 THEN jsonb_build_object(
           'concept', 'loops', 'goal', md5('g' || n / 8), 'before', round(((n %% 89) / 100.0)::numeric, 3), 'after',
           round(((n %% 97) / 100.0)::numeric, 3), 'assisted', 0.4, 'unassisted', 0.5, 'uncertainty', 0.7, 'attempts', n %% 30,
           'evidence', jsonb_build_array(md5('r' || n), md5('r' || n - 1)), 'because', 'solved on the second try')
       ELSE jsonb_build_object(
           'goal', md5('g' || n / 8), 'run', md5('r' || n), 'purpose', 'submit', 'passed', n %% 9, 'failed', 9 - n %% 9, 'total', 9,
           'verdict', 'failed', 'mode', 'bubblewrap', 'ms', round((40 + n %% 300)::numeric, 1), 'signature', md5('s' || n %% 50),
           'subtasks', jsonb_build_object('a', true, 'b', n %% 2 = 0), 'code', 'payload:' || md5('p' || n), 'report',
           'payload:' || md5('q' || n), 'fault', false) END
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n;

-- name: unfilled
WITH begun AS (UPDATE lake_position SET position = 0, intended = NULL) DELETE FROM lake_file;

-- name: learner
INSERT INTO view.learner (learner, tenant, name, registered, language, timezone, last_seen)
VALUES ('learner-0', 'public', '', now(), 'en', 'Europe/Madrid', now());

-- name: evaluations
INSERT INTO view.evaluation (event, learner, goal, kind, challenge, concepts, run, caused, purpose, correct, assisted, expected,
                             score, number, seconds, deltas, at)
SELECT md5('e' || n), 'learner-0', md5('g' || n / 4), 'daily', 'challenge-' || n % 40, ARRAY['loops', 'lists'], md5('r' || n),
       md5('c' || n), 'submit', n % 3 > 0, n % 7 = 0, 0.3 + (n % 61) / 100.0, (n % 11) / 10.0, 1 + n % 5, n % 900, '{}',
       timestamptz '2026-11-29 12:00+00' - make_interval(secs => n * 430)
FROM generate_series(1, 20000) AS n;

-- name: wanted
INSERT INTO lake_learner (learner, wanted) VALUES ('learner-0', 1);
