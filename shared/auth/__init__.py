"""Who is calling: accounts, passwords, access tokens (JWT) and refresh tokens.

`passwords.py` argon2, `keys.py` the signing keys and their JWKS, `published.py` the public ones as another function has
them, `tokens.py` access tokens, `accounts.py` what the database holds, `limits.py` how often one may try. Knows no web
framework.
"""
