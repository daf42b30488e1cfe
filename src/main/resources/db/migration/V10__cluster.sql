-- Several nodes that share the work of runs. "If not exists": see V1.

-- The nodes that run, or ran. One is alive while "seen" is recent.
create table if not exists node (
    -- its name and when it started
    id varchar(300) primary key,
    name varchar(200) not null,
    started timestamp with time zone not null,
    -- by the clock of the database
    seen timestamp with time zone not null,
    -- the hosts of APIs that fail for it, one a line
    failing varchar not null default ''
);

-- Which node has a chunk, and a number that no other claim has: what another node has taken since is not recorded as done. 0
-- for a chunk that the only node works on.
create sequence if not exists claim;
alter table chunk add column if not exists claim bigint not null default 0;
alter table chunk add column if not exists node varchar(300);
-- The last node that could not deliver it.
alter table chunk add column if not exists refused_by varchar(300);

-- The time of the schedule that a batch is for, in UTC; null for another trigger. There is one batch for each, whatever the
-- clocks of the nodes say.
alter table batch add column if not exists scheduled timestamp with time zone;
create unique index if not exists batch_scheduled on batch (scheduled);

-- Whose turn it is to set up or upgrade the index.
insert into lease (name, epoch, holder, expires)
select 'index', 0, 'nobody', timestamp with time zone '1970-01-01 00:00:00+00'
where not exists (select 1 from lease where name = 'index');
