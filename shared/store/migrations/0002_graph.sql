-- The shared LangGraph checkpointer (graph/saver.py). One row holds a whole checkpoint: state is small, and one
-- row costs one index look-up where a row for each channel costs many.
CREATE TABLE checkpoints (
    thread     text  NOT NULL,
    ns         text  NOT NULL DEFAULT '',
    id         text  NOT NULL,
    parent     text,
    kind       text  NOT NULL,
    checkpoint bytea NOT NULL,
    metadata   jsonb NOT NULL,
    PRIMARY KEY (thread, ns, id)
);

CREATE TABLE writes (
    thread     text  NOT NULL,
    ns         text  NOT NULL DEFAULT '',
    checkpoint text  NOT NULL,
    task       text  NOT NULL,
    path       text  NOT NULL DEFAULT '',
    idx        int   NOT NULL,
    channel    text  NOT NULL,
    kind       text  NOT NULL,
    value      bytea NOT NULL,
    PRIMARY KEY (thread, ns, checkpoint, task, idx)
);

-- A thread with tasks in flight, and since when: what the sweeper looks through.
CREATE TABLE threads (
    id         text PRIMARY KEY,
    checkpoint text        NOT NULL,
    pending    jsonb       NOT NULL DEFAULT '[]',
    first_step int         NOT NULL DEFAULT 0,
    moved      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX threads_busy ON threads (moved) WHERE pending <> '[]';
