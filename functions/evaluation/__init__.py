"""Node `evaluation`: measures each attempt, moves mastery on evidence, schedules reviews. No model decides."""
