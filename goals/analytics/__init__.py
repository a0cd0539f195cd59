"""Questions to the lake, or to one learner's copy, by DuckDB: `goals lake query`, the ready views, `goals report`.

`opening.py` makes tables of files, `asking.py` asks them, `views.sql` has the ready views over them, `report/` a
teacher's page. Reads only.
"""
