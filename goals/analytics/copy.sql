-- One learner's copy as the four relations that the ready views stand on. Here every hint up to the highest is a row.
-- Nothing narrows a copy down: `tried_ever`, `moved_ever` are the same.
CREATE VIEW tried_ever AS
SELECT getvariable('learner')::VARCHAR AS learner, evaluation, goal, challenge, concepts, concepts[1] AS concept, time, correct,
       assisted, purpose, expected, score, attempt, seconds
FROM evaluations WHERE purpose = 'submit' AND withdrawn IS NULL;

CREATE VIEW moved_ever AS
SELECT getvariable('learner')::VARCHAR AS learner, concept, day::TIMESTAMPTZ AS time, before, mastery AS after, attempts
FROM mastery;

CREATE VIEW tried AS FROM tried_ever;
CREATE VIEW moved AS FROM moved_ever;

CREATE VIEW assigned AS
SELECT getvariable('learner')::VARCHAR AS learner, goal, kind, challenge, course, concepts, concepts[1] AS concept,
       difficulty, assigned AS time
FROM goals;

CREATE VIEW helped AS
SELECT getvariable('learner')::VARCHAR AS learner, goal, unnest(range(1, hints + 1))::INTEGER AS rung, opened AS time
FROM goals WHERE hints > 0;
