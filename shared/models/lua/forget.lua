-- Erases all answers of one owner, and keeps later ones out. ARGV: prefix, owner, seconds to keep them out.
local prefix, owner = ARGV[1], ARGV[2]
redis.call('SET', prefix .. 'erased:' .. owner, '1', 'EX', ARGV[3])
for _, key in ipairs(redis.call('SMEMBERS', prefix .. 'owned:' .. owner)) do
  redis.call('DEL', prefix .. 'answer:' .. owner .. ':' .. key)
  redis.call('ZREM', prefix .. 'answers', owner .. ':' .. key)
end
redis.call('DEL', prefix .. 'owned:' .. owner)
