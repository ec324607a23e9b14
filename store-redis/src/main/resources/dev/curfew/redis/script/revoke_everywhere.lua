-- Records an entry that is kept everywhere, verbatim, and the act. KEYS[3] due, KEYS[4] acts of this hour,
-- KEYS[5] revocations, KEYS[6] rows of the bucket of the foreign session of that key, if there is one.
-- ARGV[7] target key, ARGV[8] entry, ARGV[9] count or -1 for none, ARGV[10] the act. Answers how many live sessions the
-- entry ends.
--
-- Needs: context, revocation_codec, session_codec, rule, live, record, acts, check_buckets

local key, bytes, count, act = ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10]
local ended = count
if #KEYS > 4 then
  local row = call('HGET', KEYS[6], key)
  ended = row and isReadable(row) and isLive(key, row, KEYS[5])
      and covers(decodeEntry(key, bytes), factsOf(key, row)) and 1 or 0
end
-- A repeat finds that session ended already.
local earlier = findAct({ KEYS[4] }, act, key)
ended = math.max(ended, count, earlier and earlier.count or -1)
local isRecorded = recordEntry({ revocations = PARTITION, due = KEYS[3], number = EVERYWHERE }, key, bytes)
rememberAct(KEYS[4], act, ended, key, bytes, isRecorded)
return ended
