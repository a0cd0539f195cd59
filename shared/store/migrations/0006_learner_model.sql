-- The learner model, folded from the log by one writer (docs/learner-model.md). `version`: of the code its figures come
-- from; another version is learnt beside it from the log's beginning, and readers take it once it is `ready`.
CREATE TABLE model_fold (
    version  text PRIMARY KEY,
    position bigint      NOT NULL DEFAULT 0,         -- the log is learnt from up to here
    learnt   bigint      NOT NULL DEFAULT 0,         -- outcomes it has learnt from
    ready    boolean     NOT NULL DEFAULT false,     -- it has once been at the log's end
    moved    timestamptz NOT NULL
);

-- `learner:<id>`, `item:<challenge>`, `concept:<name>`, `global`, `training`.
CREATE TABLE model_part (
    version text  NOT NULL,
    name    text  NOT NULL,
    part    jsonb NOT NULL,
    PRIMARY KEY (version, name)
);
CREATE INDEX model_part_name ON model_part (name);

-- The last attempts the net draws on, as figures without names: those of one transaction in a row, from attempt `first`.
CREATE TABLE model_memory (
    version  text   NOT NULL,
    first    bigint NOT NULL,
    attempts bytea  NOT NULL,                        -- float32, row by row
    outcomes bytea  NOT NULL,                        -- 0 or 1, a byte each
    PRIMARY KEY (version, first)
);
