-- Adds to all sums, or to none where one would go over its bound (-1: no bound). 1: reserved, 0: used up.
-- KEYS: the sums. ARGV: tokens, cost, seconds to keep them, then for each sum its most tokens and most cost.
for i, key in ipairs(KEYS) do
  local tokens = tonumber(redis.call('HGET', key, 'tokens') or '0') + tonumber(ARGV[1])
  local cost = tonumber(redis.call('HGET', key, 'cost') or '0') + tonumber(ARGV[2])
  local most_tokens, most_cost = tonumber(ARGV[2 * i + 2]), tonumber(ARGV[2 * i + 3])
  if (most_tokens >= 0 and tokens > most_tokens) or (most_cost >= 0 and cost > most_cost) then return 0 end
end
for _, key in ipairs(KEYS) do
  redis.call('HINCRBY', key, 'tokens', ARGV[1])
  redis.call('HINCRBY', key, 'cost', ARGV[2])
  redis.call('EXPIRE', key, ARGV[3])
end
return 1
