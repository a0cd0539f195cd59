-- The lake is written again from the log, into whatever bucket or folder there is: after a restore to an earlier time, or
-- where the files are lost. The next sweeps do it; files of before that no row speaks of go as orphans (docs/lake.md).
-- psql … < shared/lake/again.sql
BEGIN;
UPDATE lake_position SET position = 0, intended = NULL;
TRUNCATE lake_file, lake_copy;
UPDATE lake_learner SET basis = '';
COMMIT;
