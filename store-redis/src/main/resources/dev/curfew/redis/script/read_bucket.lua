-- All of a bucket, seen at once with its integrity mark; for a reload whose two readings did not agree. KEYS[3]
-- revocations of the bucket. Answers name and value of each field.
--
-- Needs: context, check_buckets

return call('HGETALL', KEYS[3])
