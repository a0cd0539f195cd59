-- name: learner_registered
INSERT INTO learner (learner, tenant, name, registered, language, timezone, last_seen)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (learner) DO NOTHING;

-- name: learner_erased
UPDATE learner SET name = '', target = '', job = '', languages = '', dependencies = '', erased = true, state = 'erased' WHERE learner = %s;

-- name: profile_stated
UPDATE learner SET target = %s, level = %s, minutes = %s, timezone = %s, language = %s, days_off = %s,
       consent_mood = %s, consent_workspace = %s, minutes_on = %s, job = %s,
       languages = CASE WHEN %s THEN languages ELSE '' END, dependencies = CASE WHEN %s THEN dependencies ELSE '' END,
       last_seen = %s WHERE learner = %s;

-- name: workspace_seen
UPDATE learner SET languages = %s, dependencies = %s, last_seen = greatest(last_seen, %s) WHERE learner = %s;

-- name: workspace_forgotten
UPDATE learner SET languages = '', dependencies = '' WHERE learner = %s;

-- name: learner_seen
UPDATE learner SET last_seen = greatest(last_seen, %s) WHERE learner = %s;

-- name: enrolment_started
INSERT INTO enrolment (learner, course, started, changed) VALUES (%s, %s, %s, %s)
ON CONFLICT (learner, course) DO UPDATE SET asked = 'active';

-- name: enrolment_asked
UPDATE enrolment SET asked = %s WHERE learner = %s AND course = %s;

-- name: learning_paused
INSERT INTO rest (event, learner, since, until) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: rest_ended
UPDATE rest SET ended = %s WHERE learner = %s AND ended IS NULL AND event <> %s;

-- name: contract_signed
INSERT INTO contract (contract, learner, organisation, terms, noticed, signed, stated) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (contract) DO NOTHING;

-- name: contract_amended
UPDATE contract SET terms = %s, organisation = %s, stated = %s WHERE contract = %s;

-- name: contract_accepted
UPDATE contract SET accepted = %s, consents = %s WHERE contract = %s AND learner = %s;

-- name: contract_changed
UPDATE contract SET noticed = terms WHERE contract = %s;

-- name: contract_kept
UPDATE contract SET state = 'kept' WHERE contract = %s;

-- name: contract_expiring
UPDATE contract SET state = %s, told = %s WHERE contract = %s;

-- name: quota_refunded
INSERT INTO refund (run, contract) VALUES (%s, %s) ON CONFLICT DO NOTHING;

-- name: goal_assigned
INSERT INTO goal (goal, learner, kind, challenge, challenge_version, variant, course, concepts, difficulty, day, minutes,
                  because, assigned)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (goal) DO NOTHING;

-- name: goal_opened
UPDATE goal SET opened = coalesce(opened, %s) WHERE goal = %s AND learner = %s;

-- name: goal_resumed
UPDATE goal SET opened = coalesce(opened, %(at)s), resumed = %(at)s WHERE goal = %(goal)s AND learner = %(learner)s;

-- name: goal_swapped
UPDATE goal SET swap = %s, swap_asked = %s WHERE goal = %s AND learner = %s;

-- name: goal_hinted
UPDATE goal SET hints = greatest(hints, %s) WHERE goal = %s;

-- name: hint_given
INSERT INTO hint (event, goal, learner, rung, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: goal_ran
UPDATE goal SET runs = runs + 1, opened = coalesce(opened, %(at)s),
       failures = failures + (%(failed)s > 0)::int,
       same_failures = CASE WHEN %(failed)s = 0 THEN 0 WHEN signature = %(signature)s THEN same_failures + 1 ELSE 1 END,
       stalled = CASE WHEN %(failed)s = 0 OR %(passed)s > best THEN 0 ELSE stalled + 1 END,
       signature = %(signature)s, best = greatest(best, %(passed)s), total = %(total)s
WHERE goal = %(goal)s AND learner = %(learner)s;

-- name: goal_state
UPDATE goal SET state = %s, closed = CASE WHEN %s IN ('solved', 'abandoned', 'swapped') THEN %s::timestamptz END
WHERE goal = %s AND learner = %s;

-- name: run_finished
INSERT INTO run (run, event, goal, learner, purpose, passed, failed, total, verdict, signature, code, report, fault, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (run) DO NOTHING;

-- name: rating_moves
INSERT INTO rating AS r (key, value, n) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET value = r.value + excluded.value, n = r.n + 1;

-- name: rating_moves_back
UPDATE rating SET value = value - %s, n = greatest(0, n - 1) WHERE key = %s;

-- name: evaluation_recorded
INSERT INTO evaluation (event, learner, goal, kind, challenge, concepts, run, caused, purpose, correct, assisted, expected,
                        score, number, seconds, pace, error, deltas, at)
SELECT %s, %s, g.goal, g.kind, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM goal g WHERE g.goal = %s
ON CONFLICT DO NOTHING;

-- name: evaluation_withdrawn
UPDATE evaluation SET withdrawn = %s WHERE event = %s AND learner = %s;

-- name: mastery_step
INSERT INTO mastery_step (event, learner, concept, before, after, because, at) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING;

-- name: evaluation_summarised
INSERT INTO summary (learner, day, event, told) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: mastery_answered
INSERT INTO doubt (question, learner, concept, outcome, rule, at) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: mastery_changed
INSERT INTO mastery (learner, concept, shown, assisted, unassisted, uncertainty, attempts, evidence, because, changed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (learner, concept) DO UPDATE SET shown = excluded.shown, assisted = excluded.assisted,
    unassisted = excluded.unassisted, uncertainty = excluded.uncertainty, attempts = excluded.attempts,
    evidence = excluded.evidence, because = excluded.because, changed = excluded.changed;

-- name: mastery_questioned
UPDATE mastery SET questioned = %s WHERE learner = %s AND concept = %s;

-- name: plan_changed
INSERT INTO plan (learner, day, minutes, goals, because, mood, version, changed, to_write)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (learner) DO UPDATE SET day = excluded.day, minutes = excluded.minutes, goals = excluded.goals,
    because = excluded.because, mood = excluded.mood, version = excluded.version, changed = excluded.changed,
    to_write = excluded.to_write;

-- name: review_due
INSERT INTO review (learner, concept, due, stability, difficulty, reviewed) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (learner, concept) DO UPDATE SET due = excluded.due, stability = excluded.stability,
    difficulty = excluded.difficulty, reviewed = excluded.reviewed;

-- name: mood_asked
INSERT INTO mood (learner, asked, question) VALUES (%s, %s, %s)
ON CONFLICT (learner) DO UPDATE SET asked = excluded.asked, question = excluded.question;

-- name: mood_answered
INSERT INTO mood AS m (learner, answered, answer, refused, never) VALUES (%(learner)s, %(at)s, %(answer)s,
       (%(answer)s = 'not_now')::int, %(answer)s = 'never_ask')
ON CONFLICT (learner) DO UPDATE SET answered = excluded.answered, answer = excluded.answer,
    refused = CASE WHEN %(answer)s = 'not_now' THEN m.refused + 1 ELSE 0 END,
    never = m.never OR excluded.never;

-- name: mood_observed
INSERT INTO mood (learner, state, effect, observed) VALUES (%s, %s, %s, %s)
ON CONFLICT (learner) DO UPDATE SET state = excluded.state, effect = excluded.effect, observed = excluded.observed;

-- name: mood_forgotten
UPDATE mood SET asked = NULL, question = NULL, answered = NULL, answer = NULL, state = 'good', effect = 'none',
    observed = NULL, refused = 0 WHERE learner = %s;

-- name: attention_moved
INSERT INTO attention (learner, version) VALUES (%s, %s)
ON CONFLICT (learner) DO UPDATE SET version = excluded.version;

-- name: spoken
INSERT INTO attention AS a (learner, spoken, messages) VALUES (%s, %s, 1)
ON CONFLICT (learner) DO UPDATE SET spoken = excluded.spoken,
    messages = CASE WHEN a.spoken > excluded.spoken - interval '2 hours' THEN a.messages + 1 ELSE 1 END,
    dismissed = CASE WHEN a.waved_off > a.spoken THEN a.dismissed ELSE 0 END;

-- name: progress_told
UPDATE attention SET progress = %s WHERE learner = %s;

-- name: support_pointed
INSERT INTO attention (learner, supported) VALUES (%s, %s)
ON CONFLICT (learner) DO UPDATE SET supported = excluded.supported;

-- name: message_dismissed
INSERT INTO attention AS a (learner, dismissed, waved_off) VALUES (%s, 1, %s)
ON CONFLICT (learner) DO UPDATE SET dismissed = a.dismissed + 1, waved_off = excluded.waved_off
WHERE a.waved_off IS NULL OR a.spoken IS NULL OR a.waved_off <= a.spoken;

-- name: feedback_given
INSERT INTO feedback (goal, at, run, text, cause) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: challenge_written
INSERT INTO written (challenge, learner, goal, document) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: challenge_measured
INSERT INTO measured (challenge, version, difficulty, uncertainty, learners, at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (challenge) DO UPDATE SET version = excluded.version, difficulty = excluded.difficulty,
    uncertainty = excluded.uncertainty, learners = excluded.learners, at = excluded.at;

-- name: rating_rebased
-- What the challenge's own rating had learnt of it stands in its difficulty from now on: nobody's prediction jumps.
-- Four log-odds from the easiest to the hardest, as in shared/learner/ratings.py.
UPDATE rating SET value = value - 4 * %s WHERE key = %s;

-- name: lesson_written
INSERT INTO page (learner, page, concept, course, goal, anchor, because, at, words)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (learner, page) DO UPDATE SET goal = excluded.goal, anchor = excluded.anchor, because = excluded.because,
    at = excluded.at, words = excluded.words;

-- name: wish_stated
INSERT INTO wish (event, learner, text, concept, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: wish_answered
UPDATE wish SET outcome = %s, goal = %s, because = %s WHERE event = %s AND learner = %s;

-- name: state_changed
INSERT INTO state (learner, entity, id, state, because, changed) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (learner, entity, id) DO UPDATE SET state = excluded.state, because = excluded.because,
    changed = excluded.changed;

-- name: learner_state
UPDATE learner SET state = %s WHERE learner = %s;

-- name: enrolment_state
UPDATE enrolment SET state = %(after)s, changed = %(at)s,
    asked = CASE WHEN %(after)s IN (asked, 'completed', 'ended') THEN NULL ELSE asked END
WHERE learner = %(learner)s AND course = %(course)s;

-- name: written
SELECT document FROM written WHERE challenge = %s AND learner = %s;

-- name: learner
SELECT learner, tenant, name, registered, language, timezone, target, level, minutes, days_off,
       consent_mood, consent_workspace, state, last_seen, minutes_on, job, languages, dependencies
FROM learner WHERE learner = %s AND NOT erased;

-- name: learners
SELECT learner, tenant, name, registered, language, timezone, target, level, minutes, days_off,
       consent_mood, consent_workspace, state, last_seen, minutes_on, job, languages, dependencies
FROM learner WHERE NOT erased AND learner > %s ORDER BY learner LIMIT %s;

-- name: enrolments
SELECT course, state, started, changed, asked FROM enrolment WHERE learner = %s ORDER BY started, course;

-- name: contract_of
SELECT contract, learner, organisation, terms, noticed, state, told, signed, stated, accepted, consents
FROM contract WHERE learner = %s ORDER BY signed DESC LIMIT 1;

-- name: contract
SELECT contract, learner, organisation, terms, noticed, state, told, signed, stated, accepted, consents
FROM contract WHERE contract = %s;

-- name: seats_before
SELECT count(*) FROM contract o JOIN contract c ON c.contract = %(contract)s
WHERE o.organisation = %(organisation)s AND o.contract <> c.contract AND (o.signed, o.contract) < (c.signed, c.contract)
  AND (o.terms ->> 'ends')::timestamptz + make_interval(days => (o.terms ->> 'grace_days')::int) > %(now)s;

-- name: goal
SELECT goal, learner, kind, challenge, challenge_version, variant, course, concepts, difficulty, day, minutes, because,
       state, assigned, opened, closed, runs, failures, hints, signature, same_failures, best, stalled, total,
       resumed, swap, swap_asked
FROM goal WHERE goal = %s;

-- name: goals_of
SELECT goal, learner, kind, challenge, challenge_version, variant, course, concepts, difficulty, day, minutes, because,
       state, assigned, opened, closed, runs, failures, hints, signature, same_failures, best, stalled, total,
       resumed, swap, swap_asked
FROM goal WHERE learner = %s AND day >= %s ORDER BY day, assigned, goal;

-- name: run
SELECT run, event, goal, learner, purpose, passed, failed, total, verdict, signature, code, report, fault, at
FROM run WHERE run = %s;

-- name: runs_of
SELECT run, event, goal, learner, purpose, passed, failed, total, verdict, signature, code, report, fault, at
FROM run WHERE goal = %s ORDER BY at DESC LIMIT %s;

-- name: idle_goals
SELECT g.goal, coalesce((SELECT max(r.at) FROM run r WHERE r.goal = g.goal), g.opened, g.assigned) AS last
FROM goal g WHERE g.learner = %s AND g.state IN ('open', 'stuck')
  AND coalesce((SELECT max(r.at) FROM run r WHERE r.goal = g.goal), g.opened, g.assigned) < %s ORDER BY last;

-- name: unsettled_goals
SELECT DISTINCT ON (g.goal) g.goal, r.event, r.at FROM goal g JOIN run r ON r.goal = g.goal
WHERE g.learner = %s AND g.state IN ('assigned', 'open', 'stuck', 'paused', 'abandoned') AND r.at < %s
  AND r.purpose = 'submit' AND NOT r.fault AND r.total > 0 AND r.passed = r.total
ORDER BY g.goal, r.at;

-- name: days_of_work
SELECT (at AT TIME ZONE %s)::date AS day, count(*), count(*) FILTER (WHERE solves AND number = 1)
FROM (
    SELECT at, solves, row_number() OVER (PARTITION BY goal, solves ORDER BY at, run) AS number
    FROM (SELECT goal, run, at, purpose = 'submit' AND failed = 0 AND total > 0 AS solves
          FROM run WHERE learner = %s AND NOT fault) AS runs) AS numbered
GROUP BY 1 ORDER BY 1;

-- name: runs_since
SELECT count(*) FROM run r WHERE learner = %s AND at >= %s AND NOT fault
  AND NOT EXISTS (SELECT FROM refund f WHERE f.run = r.run);

-- name: hints_since
SELECT count(*) FROM hint WHERE learner = %s AND at >= %s;

-- name: hints_of
SELECT rung, at FROM hint WHERE goal = %s ORDER BY at;

-- name: evaluations_of
SELECT event, goal, kind, challenge, concepts, run, caused, purpose, correct, assisted, expected, score, number, seconds,
       pace, error, deltas, at, withdrawn
FROM evaluation WHERE learner = %s AND at >= %s ORDER BY at, number;

-- name: submissions_of
SELECT e.concepts[1], g.difficulty, e.correct, e.assisted, e.at
FROM evaluation e JOIN goal g USING (goal)
WHERE e.learner = %s AND e.purpose = 'submit' AND e.withdrawn IS NULL AND cardinality(e.concepts) > 0
ORDER BY e.at DESC, e.number DESC, e.event LIMIT %s;

-- name: mastery_steps_of
SELECT event, concept, before, after, because, at FROM mastery_step WHERE learner = %s AND at >= %s ORDER BY at;

-- name: summaries_of
SELECT day, event, told FROM summary WHERE learner = %s AND day >= %s ORDER BY day;

-- name: doubts_of
SELECT question, concept, outcome, rule, at FROM doubt WHERE learner = %s AND at >= %s ORDER BY at;

-- name: causes_of
SELECT f.cause, f.goal, f.at FROM feedback f JOIN goal g ON g.goal = f.goal
WHERE g.learner = %s AND f.at >= %s AND f.cause IS NOT NULL ORDER BY f.at;

-- name: mastery_of
SELECT concept, shown, assisted, unassisted, uncertainty, attempts, evidence, because, changed, questioned
FROM mastery WHERE learner = %s ORDER BY concept;

-- name: measured
SELECT challenge, version, difficulty, uncertainty, learners, at FROM measured WHERE learners > 0;

-- name: ratings
SELECT key, value, n FROM rating WHERE key = ANY(%s);

-- name: plan_of
SELECT learner, day, minutes, goals, because, mood, version, changed, to_write FROM plan WHERE learner = %s;

-- name: reviews_of
SELECT concept, due, stability, difficulty, reviewed FROM review WHERE learner = %s ORDER BY due;

-- name: mood_of
SELECT asked, question, answered, answer, state, effect, observed, refused, never
FROM mood WHERE learner = %s;

-- name: attention_of
SELECT version, spoken, messages, dismissed, waved_off, progress, supported FROM attention WHERE learner = %s;

-- name: last_edit
SELECT time FROM events WHERE stream = 'activity/' || %s AND type = 'goals.code.edited' ORDER BY version DESC LIMIT 1;

-- name: last_run_before
SELECT max(at) FROM run WHERE learner = %s AND at < %s;

-- name: feedback_of
SELECT run, coalesce(p.body, CASE WHEN text LIKE 'payload:%%' THEN '' ELSE text END), cause, at
FROM feedback LEFT JOIN payloads p
    ON p.id = substr(text, 9) AND p.learner = (SELECT learner FROM goal WHERE goal.goal = feedback.goal)
WHERE goal = %s ORDER BY at DESC LIMIT %s;

-- name: pages_of
SELECT page, concept, course, goal, anchor, because, at, words FROM page WHERE learner = %s ORDER BY at DESC LIMIT %s;

-- name: wishes_of
SELECT event, text, concept, at, outcome, goal, because FROM wish WHERE learner = %s AND at >= %s ORDER BY at;

-- name: rests_of
SELECT since, until, ended FROM rest WHERE learner = %s ORDER BY since;

-- name: states_of
SELECT entity, id, state, because, changed FROM state WHERE learner = %s;

-- name: learnt
SELECT f.position,
       (SELECT jsonb_object_agg(p.name, p.part) FROM model_part p WHERE p.version = f.version AND p.name = ANY(%(names)s)),
       (SELECT jsonb_agg(jsonb_build_object('position', e.position, 'type', e.type, 'schema', e.schema_version,
                                            'data', e.data, 't', extract(epoch FROM e.time)::float8,
                                            'assigned', a.data, 'assigned_schema', a.schema_version))
        FROM (SELECT position, type, schema_version, data, time, stream FROM events
              WHERE subject = %(learner)s AND position > f.position
                AND type IN ('goals.evaluation.recorded', 'goals.hint.given')
              ORDER BY position DESC LIMIT %(most)s) e
        LEFT JOIN events a ON e.type = 'goals.hint.given' AND a.stream = e.stream AND a.version = 1
                          AND a.type = 'goals.goal.assigned')
FROM model_fold f WHERE f.version = %(version)s AND f.ready;
