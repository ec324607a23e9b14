-- Records an entry that is kept everywhere, verbatim, and the act. KEYS[3] due, KEYS[4] acts of this hour,
-- KEYS[5] revocations, KEYS[6] rows of the bucket of the foreign session of that key, if there is one.
-- ARGV[7] target key, ARGV[8] entry, ARGV[9] count or -1 for none, ARGV[10] the act. Answers how many live sessions the
-- entry ends.
local ended = tonumber(ARGV[9])
if #KEYS > 4 then
  local row = call('HGET', KEYS[6], ARGV[7])
  ended = row and isReadable(row) and isLive(ARGV[7], row, KEYS[5])
      and covers(decode(ARGV[7], ARGV[8]), factsOf(ARGV[7], row)) and 1 or 0
end
-- A repeat finds that session ended already.
local earlier = actOf({ KEYS[4] }, ARGV[10], ARGV[7])
ended = math.max(ended, tonumber(ARGV[9]), earlier and earlier.count or -1)
local isNew = record(PART, KEYS[3], 'w', ARGV[7], ARGV[8])
remember(KEYS[4], ARGV[10], ended, ARGV[7], ARGV[8], isNew)
return ended
