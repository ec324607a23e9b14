-- Marks the buckets that an older version has written without marks. KEYS[3..] revocations of all buckets of the
-- partition. Answers the layout.
if not head[3] then
  for i = 3, #KEYS do
    if call('EXISTS', KEYS[i]) == 1 then
      compare(string.match(KEYS[i], '}:r(%d+)$'), KEYS[i])
      mark(company[KEYS[i]], ARGV[4], latestIn(KEYS[i]))
    end
  end
  head[3] = LAYOUT
  call('HSET', PART, 'L', LAYOUT)
end
return { head[3] }
