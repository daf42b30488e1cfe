-- The edition of the route files: what a node runs, and what a run began with. "If not exists": see V1.
alter table node add column if not exists edition varchar(20) not null default '';
alter table run add column if not exists edition varchar(20);

-- The numbers of deliveries to OpenSearch.
create sequence if not exists fence;

-- Each node looks every second for what it has.
create index if not exists chunk_node on chunk (node);
