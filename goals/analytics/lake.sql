-- The lake's events as the four relations that the ready views stand on; `tenant`, `course`, `since` narrow them down.
-- `tried_ever` and `moved_ever` have what came before `since` too: what was first, and when the gate was reached, is theirs
-- to say. Of a course is the mastery of its goals' main concepts, whichever course's goal moved it.
CREATE VIEW assigned AS
SELECT subject AS learner, goal, kind, challenge, course, concepts, concepts[1] AS concept, difficulty, time
FROM goal
WHERE type = 'goals.goal.assigned'
  AND (getvariable('tenant') IS NULL OR tenant = getvariable('tenant'))
  AND (getvariable('course') IS NULL OR course = getvariable('course'));

CREATE VIEW tried_ever AS
SELECT e.subject AS learner, e.id AS evaluation, e.goal, e.challenge, e.concepts, e.concepts[1] AS concept, e.time,
       e.correct, (e.data ->> 'assisted')::BOOLEAN AS assisted, e.purpose, e.expected, e.score, e.attempt, e.seconds
FROM evaluation_ever e
WHERE e.type = 'goals.evaluation.recorded'
  AND e.purpose = 'submit'
  AND (getvariable('tenant') IS NULL OR e.tenant = getvariable('tenant'))
  AND (getvariable('course') IS NULL OR e.goal IN (SELECT goal FROM assigned))
  AND NOT EXISTS (
    SELECT 1 FROM evaluation_ever w WHERE w.type = 'goals.evaluation.withdrawn' AND w.evaluation = e.id);

CREATE VIEW moved_ever AS
SELECT subject AS learner, concept, time, before, after, attempts
FROM mastery_ever
WHERE type = 'goals.mastery.changed'
  AND (getvariable('tenant') IS NULL OR tenant = getvariable('tenant'))
  AND (getvariable('course') IS NULL OR concept IN (SELECT concept FROM assigned));

CREATE VIEW tried AS
FROM tried_ever WHERE getvariable('since') IS NULL OR time >= getvariable('since')::DATE::TIMESTAMPTZ;

CREATE VIEW moved AS
FROM moved_ever WHERE getvariable('since') IS NULL OR time >= getvariable('since')::DATE::TIMESTAMPTZ;

CREATE VIEW helped AS
SELECT subject AS learner, goal, rung::INTEGER AS rung, time
FROM hint
WHERE type = 'goals.hint.given'
  AND (getvariable('tenant') IS NULL OR tenant = getvariable('tenant'))
  AND (getvariable('course') IS NULL OR goal IN (SELECT goal FROM assigned));
