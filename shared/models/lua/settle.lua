-- Adds to sums that are there. KEYS: the sums. ARGV: tokens, cost; usually negative.
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then
    redis.call('HINCRBY', key, 'tokens', ARGV[1])
    redis.call('HINCRBY', key, 'cost', ARGV[2])
  end
end
