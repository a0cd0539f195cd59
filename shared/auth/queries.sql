-- name: open_account
INSERT INTO accounts (learner, email, hash, roles, organisation, tenant, created) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (email) DO NOTHING RETURNING learner;

-- name: account_by_email
SELECT learner, email, hash, roles, organisation, tenant, created FROM accounts WHERE email = %s;

-- name: account
SELECT learner, email, hash, roles, organisation, tenant, created FROM accounts WHERE learner = %s;

-- name: grant
UPDATE accounts SET roles = %s, organisation = %s WHERE email = %s RETURNING learner;

-- name: rehash
UPDATE accounts SET hash = %s WHERE learner = %s;

-- name: close_account
DELETE FROM accounts WHERE learner = %s;

-- name: refresh_issue
INSERT INTO refresh_tokens (hash, family, learner, issued, expires) VALUES (%s, %s, %s, %s, %s);

-- name: refresh_family
SELECT pg_advisory_xact_lock(7474, hashtext(family::text)) FROM refresh_tokens WHERE hash = %s;

-- name: refresh_rotate
UPDATE refresh_tokens SET rotated = %(now)s
WHERE hash = %(hash)s AND rotated IS NULL AND revoked IS NULL AND expires > %(now)s
RETURNING family, learner;

-- name: refresh_used
SELECT family, rotated IS NOT NULL FROM refresh_tokens WHERE hash = %s;

-- name: refresh_revoke
UPDATE refresh_tokens SET revoked = %s WHERE family = %s AND revoked IS NULL;

-- name: refresh_forget
DELETE FROM refresh_tokens WHERE learner = %s AND expires < %s;

-- name: device_ask
INSERT INTO device_codes (hash, code, expires) VALUES (%s, %s, %s);

-- name: device_approve
UPDATE device_codes SET learner = %s WHERE code = %s AND learner IS NULL AND expires > %s RETURNING code;

-- name: device_state
SELECT learner, expires FROM device_codes WHERE hash = %s;

-- name: device_take
DELETE FROM device_codes WHERE hash = %s AND learner IS NOT NULL AND expires > %s RETURNING learner;

-- name: device_forget
DELETE FROM device_codes WHERE expires < %s;
