"""What several functions need: events, store, bus, auth, sandbox, learner model, settings.

Nothing in here may import from `graph`, `functions` or `goals` (import-linter holds it).
"""
