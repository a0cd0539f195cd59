-- Learners' copies. `basis`: what all of a copy rests on besides events (its schema, the time zone, the days off, the
-- consent): where that has moved, every part is looked at anew. Nothing is rolled with the day, and a part's ETag is its
-- checksum.
ALTER TABLE lake_learner ADD COLUMN basis text NOT NULL DEFAULT '', DROP COLUMN day;
ALTER TABLE lake_copy DROP COLUMN etag;
