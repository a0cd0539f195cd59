-- Who may sign in. The e-mail is kept in lower case; all of it is deleted when a learner is erased.
CREATE TABLE accounts (
    learner      text PRIMARY KEY,
    email        text        NOT NULL UNIQUE CHECK (email = lower(email)),
    hash         text        NOT NULL,                    -- argon2id
    roles        text[]      NOT NULL DEFAULT '{learner}',
    organisation text,                                    -- whose terms an account with role organisation may state
    tenant       text        NOT NULL DEFAULT 'public',
    created      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A refresh token is used once; its successor has the same family. One used twice ends the family.
CREATE TABLE refresh_tokens (
    hash    bytea PRIMARY KEY,                            -- SHA-256: the token itself is nowhere
    family  uuid        NOT NULL,
    learner text        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    issued  timestamptz NOT NULL,
    expires timestamptz NOT NULL,
    rotated timestamptz,
    revoked timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_learner ON refresh_tokens (learner);

-- Sign-in of an editor that has no browser (RFC 8628): approved from where the learner is signed in already.
CREATE TABLE device_codes (
    hash     bytea PRIMARY KEY,
    code     text        NOT NULL UNIQUE,
    learner  text REFERENCES accounts ON DELETE CASCADE,  -- NULL until approved
    expires  timestamptz NOT NULL
);
