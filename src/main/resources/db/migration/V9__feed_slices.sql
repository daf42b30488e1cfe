-- The items of a feed in a few large rows, in place of a row for each item: the index by person made the file of H2 many
-- times larger than the items. The feeds of unfinished runs are read again.

drop table if exists feed_item;

delete from feed;

-- The items of people in the list, and those of nobody in it. An item of the API can become several of these, or none.
alter table feed add column if not exists stored bigint not null default 0;
alter table feed add column if not exists of_nobody bigint not null default 0;

-- The items of some of the people, who follow one another in the list, from some of the pages. The texts of a slice, one
-- after another, are two lines for each item, in the order of the listing: the value that names the person, and the
-- item, both in JSON.
create table if not exists feed_slice (
    batch_id varchar(20) not null,
    indexer varchar(100) not null,
    -- in the list of people, from 0
    slice integer not null,
    -- the number of pages read when the text was added, and the part of a text that is too long for one row, from 0
    pages integer not null,
    part integer not null,
    text varchar not null,
    primary key (batch_id, indexer, slice, pages, part),
    foreign key (batch_id, indexer) references feed on delete cascade
);
