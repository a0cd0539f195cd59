-- The log. Global order is `position`: given out under one advisory transaction lock, without gaps.
CREATE TABLE events (
    position       bigint PRIMARY KEY,
    stream         text        NOT NULL,
    version        bigint      NOT NULL,
    id             text        NOT NULL,
    source         text        NOT NULL,
    type           text        NOT NULL,
    schema_version int         NOT NULL,
    subject        text        NOT NULL,
    tenant         text        NOT NULL,
    time           timestamptz NOT NULL,
    recorded       timestamptz NOT NULL DEFAULT clock_timestamp(),
    correlation    text        NOT NULL,
    causation      text,
    traceparent    text,
    data           jsonb       NOT NULL,
    UNIQUE (stream, version),
    -- CloudEvents: source + id name one event. A client's id can so never collide with another learner's.
    UNIQUE (source, id)
);
CREATE INDEX events_subject ON events (subject, position);
CREATE INDEX events_correlation ON events (correlation, position);

-- What is the learner's own and may be erased: code, free text, names. Events hold only its id.
CREATE TABLE payloads (
    id      text PRIMARY KEY,
    learner text        NOT NULL,
    body    text        NOT NULL,
    written timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX payloads_learner ON payloads (learner);

-- Who has been erased: nothing of theirs is kept from then on, whatever was still on its way.
CREATE TABLE erased (
    learner text PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What must still be published. A row is a range of positions of the log, or one command to a function.
CREATE TABLE outbox (
    id         uuid PRIMARY KEY,
    written    timestamptz NOT NULL DEFAULT clock_timestamp(),
    first      bigint,
    last       bigint,
    message_id text,
    key        text,
    body       bytea,
    CHECK ((first IS NOT NULL AND last >= first) <> (message_id IS NOT NULL AND key IS NOT NULL AND body IS NOT NULL))
);

-- Inputs of the graph that wait for their thread: the next run takes all of a thread's as one input.
CREATE TABLE waiting (
    thread   text   NOT NULL,
    position bigint NOT NULL REFERENCES events,
    PRIMARY KEY (thread, position)
);

-- What a function refused for good, with its reason (the broker's dead letter itself carries none).
CREATE TABLE rejections (
    id       text        NOT NULL,
    consumer text        NOT NULL,
    type     text        NOT NULL,
    reason   text        NOT NULL,
    body     bytea       NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, id)
);
