"""Questions to the lake, or to one learner's copy, by DuckDB: `goals lake query`, the ready views, `goals report`.

`opening.py` makes tables of files, `views.sql` the ready views over them, `report/` a teacher's page. Reads only.
"""
