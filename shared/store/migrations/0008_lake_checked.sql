-- The key up to which the files of the lake and of learners' copies were last looked at; '': the next look begins anew.
ALTER TABLE lake_position ADD COLUMN checked text NOT NULL DEFAULT '';
