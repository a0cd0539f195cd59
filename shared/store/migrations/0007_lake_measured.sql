-- The days on which the difficulty of challenges was measured from the lake: up to which position of the log, from how
-- many first answers, and how many figures were said to have moved.
CREATE TABLE lake_measured (
    day     date PRIMARY KEY,
    until   bigint      NOT NULL,
    answers bigint      NOT NULL,
    said    int         NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Of the columns of a file, their types and their order: files of one digest need not be opened to be read as one table.
-- NULL: written before it was noted.
ALTER TABLE lake_file ADD COLUMN columns text;
