-- What each section was last time, so that the next run can tell what has changed. "If not exists": see V1.

create table if not exists section (
    indexer varchar(100) not null,
    person_id varchar not null,
    -- the batch that fetched the items, and when
    batch_id varchar(20) not null,
    fetched timestamp with time zone not null,
    items integer not null,
    -- SHA-256 of the items and the person's name, in hexadecimal
    hash varchar(64) not null,
    -- SHA-256 of how the indexer reads the section, in hexadecimal
    definition varchar(64) not null,
    -- the ETag and Last-Modified of each page, a JSON list; null if the API sends none
    validators varchar,
    -- the UUID of the index that has the section; null for none
    index_uuid varchar(100),
    -- whether section_item has its items
    in_table boolean not null,
    primary key (indexer, person_id)
);

-- The JSON list of its items; nothing for none. In parts, since H2 takes a million characters.
create table if not exists section_content (
    indexer varchar(100) not null,
    person_id varchar not null,
    -- from 0
    part integer not null,
    content varchar not null,
    primary key (indexer, person_id, part),
    foreign key (indexer, person_id) references section on delete cascade
);

-- Each item of a section, for people who want results in a database: deliver-to: database.
create table if not exists section_item (
    indexer varchar(100) not null,
    person_id varchar not null,
    -- from 0
    position integer not null,
    -- JSON
    item text not null,
    primary key (indexer, person_id, position),
    foreign key (indexer, person_id) references section on delete cascade
);

-- The items with the batch that fetched them, and when.
create or replace view item as
select s.person_id, s.indexer, i.position, i.item, s.batch_id, s.fetched
from section s join section_item i on i.indexer = s.indexer and i.person_id = s.person_id;

-- Whether a batch reads and delivers everything, changed or not.
alter table batch add column if not exists full_run boolean not null default false;

-- How a run reads its bulk feed, SHA-256 in hexadecimal, and from when on; null for everything.
alter table run add column if not exists feed_definition varchar(64);
alter table run add column if not exists feed_since timestamp with time zone;

-- URLs whose section is as it was, and URLs whose outcome is held.
alter table chunk add column if not exists unchanged integer not null default 0;
alter table chunk add column if not exists held integer not null default 0;

-- Outcomes that would empty a section and are kept back until someone releases or rejects them.
create table if not exists held_section (
    batch_id varchar(20) not null,
    indexer varchar(100) not null,
    -- of the person in the batch
    position integer not null,
    chunk integer not null,
    url varchar not null,
    -- the number of items that the section has
    items integer not null,
    primary key (batch_id, indexer, position),
    foreign key (batch_id, indexer, chunk) references chunk on delete cascade
);

-- People in the index who are not in the list of a batch, and are too many to be removed without being asked.
create table if not exists held_person (
    batch_id varchar(20) not null references batch on delete cascade,
    -- from 0
    position integer not null,
    person_id varchar not null,
    primary key (batch_id, position)
);

drop view if exists counted_run;

-- As in V5.
create view counted_run as
select r.*,
    (select coalesce(sum(c.urls), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as urls,
    (select coalesce(sum(c.documents), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as documents,
    (select coalesce(sum(c.csv_rows), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as csv_rows,
    (select coalesce(sum(c.errors), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as errors,
    (select coalesce(sum(c.calls), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as calls,
    (select coalesce(sum(c.unchanged), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as unchanged,
    (select coalesce(sum(c.held), 0) from chunk c where c.batch_id = r.batch_id and c.indexer = r.indexer) as held
from run r;
