-- Bulk feeds: the items of a run whose indexer reads one listing in place of a URL for each person. "If not exists": see
-- V1.

create table if not exists feed (
    batch_id varchar(20) not null,
    indexer varchar(100) not null,
    -- SHA-256 of how the indexer reads the feed, in hexadecimal: when it changes, the feed is read again
    definition varchar(64) not null,
    -- the page to read; null when all are read
    next_url varchar,
    -- what has been read
    pages integer not null,
    items bigint not null,
    primary key (batch_id, indexer),
    foreign key (batch_id, indexer) references run on delete cascade
);

create table if not exists feed_item (
    batch_id varchar(20) not null,
    indexer varchar(100) not null,
    -- in the order of the listing, from 0
    position bigint not null,
    -- the value by which the listing names the person
    person varchar not null,
    -- JSON
    item varchar not null,
    primary key (batch_id, indexer, position),
    foreign key (batch_id, indexer) references feed on delete cascade
);

create index if not exists feed_item_person on feed_item (batch_id, indexer, person);
