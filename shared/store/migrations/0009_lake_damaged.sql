-- Why a file of the lake can be neither read nor written anew from the log; NULL: nothing is known against it.
ALTER TABLE lake_file ADD COLUMN damaged text;
