"""Accounts, keys, tokens, limits."""
