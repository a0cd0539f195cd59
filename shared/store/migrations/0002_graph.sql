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

-- A step's way in: waits for its turn on the thread, then tells where the thread stands and which tasks have finished.
-- Each statement of a function in plpgsql sees what was committed before it began: the look comes after the lock.
CREATE FUNCTION enter_thread(name text) RETURNS TABLE (head text, finished text[]) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7473, hashtext(name));
    RETURN QUERY SELECT t.checkpoint, array(SELECT DISTINCT w.task FROM writes w
                                            WHERE w.thread = t.id AND w.ns = '' AND w.checkpoint = t.checkpoint)
                 FROM threads t WHERE t.id = name;
END $$;
