-- Makes sure that the partition has a birth marker. Answers the number of partitions and the retention that were stored
-- first, and the layout or nothing.
--
-- Needs: context, birth

return { call('HGET', PARTITION, 'P'), call('HGET', PARTITION, 'R'), layout or '' }
