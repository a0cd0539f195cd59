-- Keeps one answer, drops what is over the bound or out of time; nothing of a learner who is being erased.
-- ARGV: prefix, owner, key, text, now (Unix seconds), seconds to keep it, most entries.
local prefix, owner, key, text, now, seconds, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
if redis.call('EXISTS', prefix .. 'erased:' .. owner) == 1 then return 0 end
local place, all, owned = owner .. ':' .. key, prefix .. 'answers', prefix .. 'owned:' .. owner
redis.call('SET', prefix .. 'answer:' .. place, text, 'EX', seconds)
redis.call('ZADD', all, tonumber(now) + tonumber(seconds), place)
if owner ~= 'ours' then
  redis.call('SADD', owned, key)
  redis.call('EXPIRE', owned, seconds)
end
local function drop(old)
  local cut = string.find(old, ':')
  redis.call('DEL', prefix .. 'answer:' .. old)
  redis.call('SREM', prefix .. 'owned:' .. string.sub(old, 1, cut - 1), string.sub(old, cut + 1))
  redis.call('ZREM', all, old)
end
for _, old in ipairs(redis.call('ZRANGEBYSCORE', all, '-inf', now, 'LIMIT', 0, 100)) do drop(old) end
local over = redis.call('ZCARD', all) - tonumber(most)
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', all, 0, over - 1)) do drop(old) end
end
return 1
