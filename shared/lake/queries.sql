-- name: stands
SELECT position, intended, (SELECT count(*) FROM erased) FROM lake_position;

-- name: waits_since
SELECT recorded FROM events WHERE position = %s;

-- name: bytes_of
SELECT coalesce(sum(pg_column_size(data) + 200), 0) FROM events WHERE position > %s AND position <= %s;

-- name: outgrown
SELECT position FROM (
    SELECT position, sum(pg_column_size(data) + 200) OVER (ORDER BY position) AS bytes
    FROM events WHERE position > %s AND position <= %s) AS sizes
WHERE bytes > %s ORDER BY position LIMIT 1;

-- name: intend
-- Without waiting for the disk: after a crash of PostgreSQL itself another end may be named, and what was written under
-- this one is collected as any other orphan.
UPDATE lake_position SET intended = %(last)s WHERE position = %(after)s AND intended IS NULL;

-- name: copy_out
COPY (
    SELECT position, version, id, type, schema_version, source, subject, stream, tenant,
           (extract(epoch FROM time) * 1000000)::bigint, (extract(epoch FROM recorded) * 1000000)::bigint,
           correlation, causation, traceparent, data
    FROM events e
    WHERE position > {after} AND position <= {last}
      AND NOT EXISTS (SELECT FROM erased WHERE learner = e.subject)
    ORDER BY position
) TO STDOUT (FORMAT csv);

-- name: stands_locked
SELECT position, (SELECT count(*) FROM erased) FROM lake_position FOR UPDATE;

-- name: add_files
INSERT INTO lake_file (key, family, tenant, day, first, last, rows, bytes, sha256, columns)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[],
                     %s::bigint[], %s::text[], %s::text[])
ON CONFLICT (key) DO UPDATE SET replaced = NULL, damaged = NULL;

-- name: replace_files
UPDATE lake_file SET replaced = clock_timestamp() WHERE key = ANY(%s) AND replaced IS NULL;

-- name: want_copies
INSERT INTO lake_learner (learner, wanted)
SELECT t.subject, t.position FROM unnest(%s::text[], %s::bigint[]) AS t (subject, position)
WHERE EXISTS (SELECT FROM view.learner l WHERE l.learner = t.subject)
ORDER BY t.subject
ON CONFLICT (learner) DO UPDATE SET wanted = greatest(lake_learner.wanted, excluded.wanted);

-- name: lines
-- Two thousand rows a message: COPY sends one a row, which costs more than all the rest. Values are told apart by control
-- characters (unit separator, newline) that JSON text never holds; where an id does, `copy_out` is used. Instants by
-- date_part: exact to the microsecond for centuries, and a third of the whole cheaper than extract, which is numeric.
-- Sorted are the beginnings alone: with the texts, the sort would put all of them on the disk before the first is sent.
SELECT (SELECT convert_to(string_agg(concat_ws(E'\x1f', position, version, id, type, schema_version, source, subject, stream,
            tenant, (date_part('epoch', time) * 1e6)::bigint, (date_part('epoch', recorded) * 1e6)::bigint,
            correlation, coalesce(causation, E'\x02'), coalesce(traceparent, E'\x02'), data), E'\n' ORDER BY position), 'UTF8')
        FROM events e WHERE position > begin AND position <= least(begin + 2000, %(last)s)
            AND (NOT EXISTS (SELECT FROM erased) OR NOT EXISTS (SELECT FROM erased WHERE learner = e.subject)))
FROM (SELECT begin FROM generate_series(%(after)s::bigint, %(last)s::bigint - 1, 2000) AS begin ORDER BY begin) AS pieces;

-- name: moved
UPDATE lake_position SET position = %s, intended = NULL;

-- name: files
SELECT key, family, tenant, day, first, last, rows, bytes, sha256, added, columns FROM lake_file
WHERE replaced IS NULL AND (%(families)s::text[] IS NULL OR family = ANY(%(families)s))
  AND (%(since)s::date IS NULL OR day >= %(since)s)
ORDER BY family, tenant, day, first, key;

-- name: still_live
SELECT count(*) FROM (
    SELECT FROM lake_file WHERE key = ANY(%s) AND replaced IS NULL FOR UPDATE) AS live;

-- name: crowded
SELECT family, tenant, day FROM lake_file WHERE replaced IS NULL AND bytes < %(small)s AND rows <= %(rows)s / 2
GROUP BY family, tenant, day HAVING count(*) >= %(least)s ORDER BY count(*) DESC LIMIT %(limit)s;

-- name: of_partition
SELECT key, family, tenant, day, first, last, rows, bytes, sha256, added, columns FROM lake_file
WHERE replaced IS NULL AND family = %s AND tenant = %s AND day = %s ORDER BY first, key;

-- name: live
SELECT key, family, tenant, day, first, last, rows, bytes, sha256, added, columns FROM lake_file
WHERE replaced IS NULL AND key = %s;

-- name: to_check
-- Of both kinds, in the order of keys behind the one that was looked at last.
WITH behind AS (SELECT checked FROM lake_position)
SELECT key, bytes, sha256, learner FROM (
    (SELECT key, bytes, sha256, NULL AS learner FROM lake_file
     WHERE replaced IS NULL AND key > (SELECT checked FROM behind) ORDER BY key LIMIT %(limit)s)
    UNION ALL
    (SELECT key, bytes, sha256, learner FROM lake_copy
     WHERE key > (SELECT checked FROM behind) ORDER BY key LIMIT %(limit)s)) AS next
ORDER BY key LIMIT %(limit)s;

-- name: checked
UPDATE lake_position SET checked = %s;

-- name: cannot_be_mended
UPDATE lake_file SET damaged = %s WHERE key = %s AND replaced IS NULL;

-- name: holds_again
UPDATE lake_file SET damaged = NULL WHERE key = ANY(%s) AND damaged IS NOT NULL;

-- name: owed
-- Erasures that are not proven yet, since when the oldest of them is owed, and live files that nobody can mend.
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(x.at)), 0)::float,
       (SELECT count(*) FROM lake_file WHERE replaced IS NULL AND damaged IS NOT NULL)
FROM erased x LEFT JOIN lake_erasure e USING (learner) WHERE e.proven IS NULL;

-- name: newest
SELECT recorded FROM events ORDER BY position DESC LIMIT 1;

-- name: expired
SELECT key, family, tenant, day, first, last, rows, bytes, sha256, added, columns FROM lake_file
WHERE replaced IS NULL AND family = %s AND day < %s;

-- name: collectable
SELECT key FROM lake_file WHERE replaced < clock_timestamp() - make_interval(secs => %s) LIMIT 1000;

-- name: known
SELECT key FROM lake_file WHERE key = ANY(%(keys)s)
UNION ALL SELECT key FROM lake_copy WHERE key = ANY(%(keys)s);

-- name: collected
DELETE FROM lake_file WHERE key = ANY(%s) AND replaced IS NOT NULL;

-- name: erasures_open
SELECT x.learner FROM erased x LEFT JOIN lake_erasure e USING (learner)
WHERE e.learner IS NULL ORDER BY x.at LIMIT 100;

-- name: erased_from_lake
INSERT INTO lake_erasure (learner, rows, files, copies, left_at)
SELECT l, r, f, c, clock_timestamp() FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[]) AS t (l, r, f, c)
ON CONFLICT (learner) DO NOTHING;

-- name: unproven
SELECT learner FROM lake_erasure WHERE proven IS NULL ORDER BY left_at LIMIT 1000;

-- name: proven
UPDATE lake_erasure SET proven = clock_timestamp(), looked = %s WHERE learner = ANY(%s) AND proven IS NULL;

-- name: erasures
SELECT learner, rows, files, copies, left_at, proven, looked FROM lake_erasure ORDER BY left_at DESC LIMIT %s;

-- name: drop_copies
WITH parts AS (DELETE FROM lake_copy WHERE learner = ANY(%(learners)s))
DELETE FROM lake_learner WHERE learner = ANY(%(learners)s);

-- name: behind
SELECT learner FROM lake_learner WHERE wanted > position OR NOT starts_with(basis, %(schema)s)
ORDER BY wanted LIMIT %(limit)s;

-- name: learner_stands
SELECT position, change, basis FROM lake_learner WHERE learner = %s;

-- name: learner_stands_locked
SELECT position, change, basis, EXISTS (SELECT FROM erased x WHERE x.learner = l.learner)
FROM lake_learner l WHERE learner = %s FOR UPDATE;

-- name: parts_of
SELECT dataset, part, change, key, rows, bytes, sha256 FROM lake_copy
WHERE learner = %s AND change > %s ORDER BY dataset, part;

-- name: put_part
INSERT INTO lake_copy (learner, dataset, part, change, key, rows, bytes, sha256)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (learner, dataset, part) DO UPDATE SET change = excluded.change, key = excluded.key, rows = excluded.rows,
    bytes = excluded.bytes, sha256 = excluded.sha256;

-- name: learner_moved
UPDATE lake_learner SET position = %(at)s, wanted = greatest(wanted, %(at)s), change = %(change)s, basis = %(basis)s
WHERE learner = %(learner)s;

-- name: writers_in
SELECT pg_advisory_lock_shared(7477);

-- name: writers_out
SELECT pg_advisory_unlock_shared(7477);

-- name: no_writers
SELECT pg_advisory_xact_lock(7477);

-- name: lag
SELECT h.head - p.position, coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT recorded FROM events WHERE position = p.position + 1)), 0)::float,
       (SELECT count(*) FROM lake_learner WHERE wanted > position)
FROM lake_position p, (SELECT coalesce(max(position), 0) AS head FROM events) AS h;

-- name: weighed
SELECT count(*) FILTER (WHERE replaced IS NULL), coalesce(sum(rows) FILTER (WHERE replaced IS NULL), 0),
       coalesce(sum(bytes) FILTER (WHERE replaced IS NULL), 0) FROM lake_file;

-- name: measured_on
SELECT 1 FROM lake_measured WHERE day = %s;

-- name: measured_now
INSERT INTO lake_measured (day, until, answers, said) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: of_these_erased
SELECT learner FROM erased WHERE learner = ANY(%s);
