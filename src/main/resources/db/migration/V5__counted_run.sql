-- A run with the sums of its done chunks. Each sum is a query of its own by the primary key of chunk, so that only those
-- of the selected runs are added up, however many batches the ledger has.
create or replace view counted_run as
select r.*,
    (select coalesce(sum(c.urls), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as urls,
    (select coalesce(sum(c.documents), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as documents,
    (select coalesce(sum(c.csv_rows), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as csv_rows,
    (select coalesce(sum(c.errors), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as errors,
    (select coalesce(sum(c.calls), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as calls
from run r;
