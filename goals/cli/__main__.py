"""`python -m goals.cli`: the command line where the script `goals` is not installed."""

from goals.cli import app

app(prog_name="goals")
