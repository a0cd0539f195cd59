-- name: newest
SELECT position, version, id, type, schema_version, source, subject, stream, time, data, correlation, causation,
       traceparent, tenant
FROM events WHERE subject = %s AND type = ANY(%s) AND position < %s ORDER BY position DESC LIMIT %s;
