CREATE TABLE learner (
    learner           text PRIMARY KEY,
    tenant            text        NOT NULL,
    name              text        NOT NULL,
    registered        timestamptz NOT NULL,
    language          text        NOT NULL,
    timezone          text        NOT NULL,
    target            text        NOT NULL DEFAULT '',
    level             text,                          -- NULL until the learner has stated a profile
    minutes           int         NOT NULL DEFAULT 30,
    days_off          int[]       NOT NULL DEFAULT '{}',
    consent_mood      boolean     NOT NULL DEFAULT false,
    consent_workspace boolean     NOT NULL DEFAULT false,
    state             text        NOT NULL DEFAULT 'registered',
    minutes_on        jsonb       NOT NULL DEFAULT '{}', -- weekday (0 is Monday) → minutes, where they are others
    job               text        NOT NULL DEFAULT '',
    languages         text        NOT NULL DEFAULT '',   -- of their workspace, as it was seen last
    dependencies      text        NOT NULL DEFAULT '',
    erased            boolean     NOT NULL DEFAULT false,
    last_seen         timestamptz NOT NULL
);

CREATE TABLE enrolment (
    learner text        NOT NULL,
    course  text        NOT NULL,
    state   text        NOT NULL DEFAULT 'active',
    started timestamptz NOT NULL,
    changed timestamptz NOT NULL,                    -- when its state moved last
    asked   text,                                    -- the state the learner has asked for, until it is that
    PRIMARY KEY (learner, course)
);

CREATE TABLE rest (                                  -- days off that the learner takes
    event   text PRIMARY KEY,
    learner text        NOT NULL,
    since   timestamptz NOT NULL,
    until   date        NOT NULL,                    -- the first day they learn again, in their own calendar
    ended   timestamptz                              -- they were back before that day, or named another
);
CREATE INDEX rest_learner ON rest (learner, since);

CREATE TABLE contract (
    contract     text PRIMARY KEY,
    learner      text        NOT NULL,
    organisation text        NOT NULL,
    terms        jsonb       NOT NULL,               -- in force
    noticed      jsonb       NOT NULL,               -- the terms the contract node last told the learner of
    state        text        NOT NULL DEFAULT 'kept',
    told         text        NOT NULL DEFAULT '',    -- the last expiry notice: state and end date, so it is given once
    signed       timestamptz NOT NULL,
    stated       timestamptz NOT NULL,               -- when the terms in force were stated
    accepted     text        NOT NULL DEFAULT '',    -- the version the learner accepted last
    consents     text[]      NOT NULL DEFAULT '{}'   -- those given with it
);
CREATE INDEX contract_learner ON contract (learner, signed);
CREATE INDEX contract_organisation ON contract (organisation, signed);

CREATE TABLE written (                               -- challenges written for one learner
    challenge text PRIMARY KEY,
    learner   text NOT NULL,
    goal      text NOT NULL,
    document  text NOT NULL                          -- where its text is kept
);

CREATE TABLE goal (
    goal          text PRIMARY KEY,
    learner       text        NOT NULL,
    kind          text        NOT NULL,
    challenge     text        NOT NULL,
    challenge_version int     NOT NULL,
    variant       text,
    course        text        NOT NULL,
    concepts      text[]      NOT NULL,
    difficulty    double precision NOT NULL,
    day           date        NOT NULL,
    minutes       int         NOT NULL,
    because       text        NOT NULL,
    state         text        NOT NULL DEFAULT 'assigned',
    assigned      timestamptz NOT NULL,
    opened        timestamptz,
    closed        timestamptz,
    runs          int         NOT NULL DEFAULT 0,
    failures      int         NOT NULL DEFAULT 0,
    hints         int         NOT NULL DEFAULT 0,
    signature     text        NOT NULL DEFAULT '',
    same_failures int         NOT NULL DEFAULT 0,
    best          int         NOT NULL DEFAULT 0,
    stalled       int         NOT NULL DEFAULT 0,    -- failing runs in a row with no new case passed
    total         int         NOT NULL DEFAULT 0,
    resumed       timestamptz,                       -- when it was taken up again after it had been laid aside
    swap          text,                              -- why the learner wanted another, if they said so
    swap_asked    timestamptz                        -- and when
);
CREATE INDEX goal_learner ON goal (learner, day);

CREATE TABLE run (
    run       text PRIMARY KEY,
    event     text        NOT NULL,
    goal      text        NOT NULL,
    learner   text        NOT NULL,
    purpose   text        NOT NULL,
    passed    int         NOT NULL,
    failed    int         NOT NULL,
    total     int         NOT NULL,
    verdict   text        NOT NULL,
    signature text        NOT NULL,
    code      text        NOT NULL,
    report    text        NOT NULL,
    fault     boolean     NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX run_goal ON run (goal, at);
CREATE INDEX run_learner ON run (learner, at);

CREATE TABLE refund (
    run      text PRIMARY KEY,
    contract text NOT NULL
);

CREATE TABLE hint (
    event   text PRIMARY KEY,
    goal    text        NOT NULL,
    learner text        NOT NULL,
    rung    int         NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX hint_learner ON hint (learner, at);
CREATE INDEX hint_goal ON hint (goal, at);

-- One attempt, measured. `run`: as its run.finished names it, `caused`: the id of that event.
CREATE TABLE evaluation (
    event     text PRIMARY KEY,
    learner   text        NOT NULL,
    goal      text        NOT NULL,
    kind      text        NOT NULL,
    challenge text        NOT NULL,
    concepts  text[]      NOT NULL,
    run       text        NOT NULL,
    caused    text        NOT NULL,
    purpose   text        NOT NULL,
    correct   boolean     NOT NULL,
    assisted  boolean     NOT NULL,
    expected  double precision NOT NULL,
    score     double precision NOT NULL,
    number    int         NOT NULL,
    seconds   double precision,
    pace      double precision,
    error     text,
    deltas    jsonb       NOT NULL,
    at        timestamptz NOT NULL,
    withdrawn timestamptz
);
CREATE INDEX evaluation_learner ON evaluation (learner, at);

-- Each change of a mastery figure: its history.
CREATE TABLE mastery_step (
    event   text PRIMARY KEY,
    learner text             NOT NULL,
    concept text             NOT NULL,
    before  double precision NOT NULL,
    after   double precision NOT NULL,
    because text             NOT NULL,
    at      timestamptz      NOT NULL
);
CREATE INDEX mastery_step_learner ON mastery_step (learner, at);

CREATE TABLE summary (
    learner text        NOT NULL,
    day     date        NOT NULL,
    event   text        NOT NULL,
    told    jsonb       NOT NULL,                    -- the event's data
    PRIMARY KEY (learner, day)
);

-- Doubts, and what became of them.
CREATE TABLE doubt (
    question text PRIMARY KEY,
    learner  text        NOT NULL,
    concept  text        NOT NULL,
    outcome  text        NOT NULL,
    rule     text        NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX doubt_learner ON doubt (learner, at);

CREATE TABLE mastery (
    learner     text             NOT NULL,
    concept     text             NOT NULL,
    shown       double precision NOT NULL,
    assisted    double precision NOT NULL,
    unassisted  double precision NOT NULL,
    uncertainty double precision NOT NULL,
    attempts    int              NOT NULL,
    evidence    text[]           NOT NULL,
    because     text             NOT NULL,
    changed     timestamptz      NOT NULL,
    questioned  timestamptz,
    PRIMARY KEY (learner, concept)
);

CREATE TABLE rating (
    key   text PRIMARY KEY,
    value double precision NOT NULL,
    n     int              NOT NULL
);

CREATE TABLE measured (                              -- how difficult challenges turned out to be
    challenge   text PRIMARY KEY,
    version     int              NOT NULL,
    difficulty  double precision NOT NULL,
    uncertainty double precision NOT NULL,
    learners    int              NOT NULL,
    at          timestamptz      NOT NULL
);

CREATE TABLE plan (
    learner text PRIMARY KEY,
    day     date        NOT NULL,
    minutes int         NOT NULL,
    goals   jsonb       NOT NULL,
    because text        NOT NULL,
    mood    text,
    version bigint      NOT NULL,
    changed timestamptz NOT NULL,
    to_write text                                    -- the goal that somebody was asked to write a challenge for
);

CREATE TABLE review (
    learner    text        NOT NULL,
    concept    text        NOT NULL,
    due        timestamptz NOT NULL,
    stability  double precision,
    difficulty double precision,
    reviewed   timestamptz,
    PRIMARY KEY (learner, concept)
);

CREATE TABLE mood (
    learner   text PRIMARY KEY,
    asked     timestamptz,
    question  text,
    answered  timestamptz,
    answer    text,
    state     text        NOT NULL DEFAULT 'good',
    effect    text        NOT NULL DEFAULT 'none',
    observed  timestamptz,
    refused   int         NOT NULL DEFAULT 0,        -- "not now" in a row
    never     boolean     NOT NULL DEFAULT false
);

CREATE TABLE attention (                              -- what was said unasked, by whichever function
    learner   text PRIMARY KEY,
    version   bigint      NOT NULL DEFAULT 0,         -- of the stream attention/<learner>
    spoken    timestamptz,                            -- the last unasked message
    messages  int         NOT NULL DEFAULT 0,         -- of this session: less than two hours between them
    dismissed int         NOT NULL DEFAULT 0,         -- in a row
    waved_off timestamptz,                            -- the last dismissal
    progress  date,                                   -- the learner's day that was told of last
    supported timestamptz                             -- when they were last pointed to a person
);

CREATE TABLE feedback (
    goal  text        NOT NULL,
    at    timestamptz NOT NULL,
    run   text        NOT NULL,
    text  text        NOT NULL,
    cause text,
    PRIMARY KEY (goal, run)
);

CREATE TABLE page (
    learner text        NOT NULL,
    page    text        NOT NULL,
    concept text        NOT NULL,
    course  text        NOT NULL,
    goal    text,
    anchor  text,
    because text        NOT NULL,
    at      timestamptz NOT NULL,
    words   text,                                    -- where a model's explanation is kept
    PRIMARY KEY (learner, page)
);

CREATE TABLE wish (
    event   text PRIMARY KEY,
    learner text        NOT NULL,
    text    text        NOT NULL,
    concept text,
    at      timestamptz NOT NULL,
    outcome text,                                    -- what became of it, as it was answered last
    goal    text,
    because text
);

CREATE TABLE state (
    learner text        NOT NULL,
    entity  text        NOT NULL,
    id      text        NOT NULL,
    state   text        NOT NULL,
    because text        NOT NULL,
    changed timestamptz NOT NULL,
    PRIMARY KEY (learner, entity, id)
);
