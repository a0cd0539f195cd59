-- The ready views. An attempt is a row of `tried`: a submission; practice runs are none. Some that were measured together
-- have one time, so the number of a goal's run tells which was first. Where `since` is set, a view tells of what has an
-- attempt since then, and what it tells of that rests on everything before too (`tried_ever`, `moved_ever`): who begins,
-- what was first, what is reached does not depend on the day that is asked for. 0.9 is the gate of the learner model (shared/learner/mastery.py); a test holds it to that.

-- Weeks since a learner's first attempt, by the week they began in. `learners`: of that cohort; `active`: of them in that
-- week, by an attempt; `solved`: goals solved up to then, and `mastered`: concepts at the gate up to then, both by learner
-- of the cohort. Since a day: the weeks that end behind it.
CREATE VIEW cohort_progress AS
WITH began AS (
    SELECT learner, min(time) AS first, date_trunc('week', min(time))::DATE AS cohort FROM tried_ever GROUP BY learner),
sizes AS (SELECT cohort, count(*) AS learners FROM began GROUP BY cohort),
seen AS (
    SELECT b.cohort, datediff('week', b.cohort, date_trunc('week', t.time)::DATE) AS week, t.learner, t.goal, t.time, t.correct
    FROM tried_ever t JOIN began b USING (learner)),
active AS (SELECT cohort, week, count(DISTINCT learner) AS active FROM seen GROUP BY ALL),
solved AS (
    SELECT cohort, week, count(*) AS n FROM (
        SELECT cohort, learner, goal, min(week) AS week FROM seen WHERE correct GROUP BY ALL) GROUP BY ALL),
mastered AS (
    SELECT cohort, week, count(*) AS n FROM (
        SELECT b.cohort, m.learner, m.concept, greatest(0, min(datediff('week', b.cohort, date_trunc('week', m.time)::DATE))) AS week
        FROM moved_ever m JOIN began b USING (learner) WHERE m.after >= 0.9 GROUP BY ALL) GROUP BY ALL),
weeks AS (
    SELECT cohort, learners, unnest(range(0, 1 + last)) AS week FROM (
        SELECT s.cohort, s.learners, coalesce(max(a.week), 0) AS last
        FROM sizes s LEFT JOIN active a USING (cohort) GROUP BY ALL))
SELECT w.cohort, w.week::INTEGER AS week, w.learners, coalesce(a.active, 0) AS active,
       sum(coalesce(s.n, 0)) OVER so_far / w.learners AS solved,
       sum(coalesce(m.n, 0)) OVER so_far / w.learners AS mastered
FROM weeks w LEFT JOIN active a USING (cohort, week) LEFT JOIN solved s USING (cohort, week)
LEFT JOIN mastered m USING (cohort, week)
WINDOW so_far AS (PARTITION BY w.cohort ORDER BY w.week)
QUALIFY getvariable('since') IS NULL OR w.cohort + (7 * w.week + 7)::INTEGER > getvariable('since')::DATE
ORDER BY cohort, week;

-- Hardest first. `first_try`: learners who were right at once; `expected`: what the learner model thought of that;
-- `surprise`: how much harder it was than that; `tries`, `minutes`: medians of attempts until it was solved, and of the
-- time that goal had been open; `stated`: the difficulty it was given at. `solvers`, `timed`: learners that `tries` and
-- `minutes` are of.
CREATE VIEW hardest_challenges AS
WITH counted AS (
    SELECT *, row_number() OVER (PARTITION BY challenge, learner ORDER BY time, attempt) AS number
    FROM tried_ever SEMI JOIN tried USING (challenge, learner)),
ways AS (
    SELECT challenge, learner, any_value(concept) AS concept, count(*) AS attempts, arg_min(correct, number) AS first_right,
           arg_min(expected, number) AS expected, bool_or(correct) AS solved, min(number) FILTER (correct) AS tries,
           first(seconds ORDER BY number) FILTER (correct) AS seconds
    FROM counted GROUP BY challenge, learner),
stated AS (SELECT challenge, median(difficulty) AS stated FROM assigned GROUP BY challenge)
SELECT challenge, any_value(concept) AS concept, count(*) AS learners, sum(attempts)::BIGINT AS attempts,
       avg(first_right::INTEGER) AS first_try, avg(expected) AS expected, avg(expected) - avg(first_right::INTEGER) AS surprise,
       avg(solved::INTEGER) AS solved, median(tries) AS tries, median(seconds) / 60 AS minutes, any_value(stated) AS stated,
       count(tries) AS solvers, count(seconds) AS timed
FROM ways LEFT JOIN stated USING (challenge)
GROUP BY challenge ORDER BY first_try, learners DESC, challenge;

-- By challenge. `asked`: share of goals with a hint; `rung`: mean of the highest of those; `example`: share that came to
-- the worked example; `solved_alone`, `solved_helped`: share solved without and with hints; `alone`, `helped`: learners
-- that these are of.
CREATE VIEW hint_use AS
WITH worked AS (SELECT learner, goal, any_value(challenge) AS challenge, any_value(concept) AS concept,
                       bool_or(correct) AS solved
           FROM tried_ever SEMI JOIN tried USING (goal) GROUP BY learner, goal),
hints AS (SELECT goal, max(rung) AS rung FROM helped GROUP BY goal)
SELECT challenge, any_value(concept) AS concept, count(*) AS goals, count(DISTINCT learner) AS learners,
       avg((rung IS NOT NULL)::INTEGER) AS asked, avg(rung) AS rung, avg((coalesce(rung, 0) >= 5)::INTEGER) AS example,
       avg(solved::INTEGER) FILTER (rung IS NULL) AS solved_alone,
       avg(solved::INTEGER) FILTER (rung IS NOT NULL) AS solved_helped,
       count(DISTINCT learner) FILTER (rung IS NULL) AS alone, count(DISTINCT learner) FILTER (rung IS NOT NULL) AS helped
FROM worked LEFT JOIN hints USING (goal)
GROUP BY challenge ORDER BY asked DESC, challenge;

-- How much is still there after a while: the first attempt at a goal, by the days since the concept was last solved
-- (`days`: up to so many; NULL: more than 60). Since a day: first attempts since then. `recalled`: share right at once; `expected`: the model's.
CREATE VIEW retention_curves AS
WITH firsts AS (
    SELECT learner, concept, goal, min(time) AS time, arg_min(correct, attempt) AS recalled,
           arg_min(expected, attempt) AS expected
    FROM tried_ever GROUP BY ALL),
solved AS (SELECT learner, concept, goal, min(time) AS time FROM tried_ever WHERE correct GROUP BY ALL),
gaps AS (
    SELECT f.learner, f.recalled, f.expected, date_diff('second', s.time, f.time) / 86400.0 AS gap
    FROM firsts f ASOF JOIN solved s ON f.learner = s.learner AND f.concept = s.concept AND f.time > s.time
    WHERE getvariable('since') IS NULL OR f.time >= getvariable('since')::DATE::TIMESTAMPTZ)
SELECT CASE WHEN gap <= 1 THEN 1 WHEN gap <= 3 THEN 3 WHEN gap <= 7 THEN 7 WHEN gap <= 14 THEN 14 WHEN gap <= 30 THEN 30
            WHEN gap <= 60 THEN 60 END AS days,
       count(*) AS attempts, count(DISTINCT learner) AS learners, avg(recalled::INTEGER) AS recalled, avg(expected) AS expected
FROM gaps GROUP BY days ORDER BY days NULLS LAST;

-- By concept. `reached`: of the learners who tried it, those who came to the gate; `days`: median from the first attempt
-- until then, with its quartiles; `attempts`: median of those that mastery then rested on (a goal's first failing run too).
CREATE VIEW time_to_mastery AS
WITH began AS (
    SELECT learner, concept, min(time) AS first FROM tried_ever SEMI JOIN tried USING (learner, concept) GROUP BY ALL),
gate AS (
    SELECT learner, concept, min(time) AS time, arg_min(attempts, time) AS attempts FROM moved_ever WHERE after >= 0.9 GROUP BY ALL),
took AS (
    SELECT b.concept, b.learner, g.attempts, CASE WHEN g.time IS NOT NULL THEN greatest(0, date_diff('second', b.first, g.time) / 86400.0) END AS days
    FROM began b LEFT JOIN gate g USING (learner, concept))
SELECT concept, count(*) AS learners, count(days) AS reached, median(days) AS days,
       quantile_cont(days, 0.25) AS days_q1, quantile_cont(days, 0.75) AS days_q3, median(attempts) AS attempts
FROM took GROUP BY concept ORDER BY days NULLS LAST, concept;
