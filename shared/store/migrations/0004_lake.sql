-- The data lake's manifest. What has no row here does not exist for any reader, whatever lies in the object store.

-- How far the log is in the lake. `intended`: the end of the range being written, noted before its first file, so that
-- whoever goes on after a crash writes the very same files.
CREATE TABLE lake_position (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    position bigint NOT NULL DEFAULT 0,
    intended bigint
);
INSERT INTO lake_position DEFAULT VALUES;

-- `first`, `last`: the range of positions whose events of this family, tenant and day it holds all of.
-- `replaced`: since when readers are not given it any more; the object goes when the last of them is done with it.
CREATE TABLE lake_file (
    key      text PRIMARY KEY,
    family   text        NOT NULL,
    tenant   text        NOT NULL,
    day      date        NOT NULL,
    first    bigint      NOT NULL,
    last     bigint      NOT NULL,
    rows     bigint      NOT NULL,
    bytes    bigint      NOT NULL,
    sha256   text        NOT NULL,
    added    timestamptz NOT NULL DEFAULT clock_timestamp(),
    replaced timestamptz
);
CREATE INDEX lake_file_live ON lake_file (family, tenant, day, first) WHERE replaced IS NULL;
CREATE INDEX lake_file_replaced ON lake_file (replaced) WHERE replaced IS NOT NULL;

-- Whose rows have left the lake: how many, out of how many files, and when all of them had been looked through again.
CREATE TABLE lake_erasure (
    learner text PRIMARY KEY,
    rows    bigint      NOT NULL,
    files   bigint      NOT NULL,
    copies  bigint      NOT NULL,
    left_at timestamptz NOT NULL,
    proven  timestamptz,
    looked  bigint
);

-- Each learner's own copy: one file for each part of a dataset. `change`: one more with every change of this learner's,
-- which is what their client's cursor counts. A part that is no more keeps its row, without a key.
CREATE TABLE lake_copy (
    learner text   NOT NULL,
    dataset text   NOT NULL,
    part    text   NOT NULL,
    change  bigint NOT NULL,
    key     text,
    rows    bigint NOT NULL DEFAULT 0,
    bytes   bigint NOT NULL DEFAULT 0,
    sha256  text   NOT NULL DEFAULT '',
    etag    text   NOT NULL DEFAULT '',
    PRIMARY KEY (learner, dataset, part)
);
CREATE INDEX lake_copy_change ON lake_copy (learner, change);
CREATE UNIQUE INDEX lake_copy_key ON lake_copy (key);

-- `wanted`: the last position of the learner's own that the lake has seen; `position`: what the copy tells of.
CREATE TABLE lake_learner (
    learner  text PRIMARY KEY,
    wanted   bigint NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    change   bigint NOT NULL DEFAULT 0,
    day      date
);
CREATE INDEX lake_learner_behind ON lake_learner (wanted) WHERE wanted > position;
