"""How much of a line tells something."""

TELLING = 8
"""Characters (without spaces) from which on a line of the reference tells something."""
