-- The ledger: what was to be done, and what became of it. For H2 and PostgreSQL alike. "If not exists" since H2 commits
-- each table as it is made: a start that was killed here leaves some of them.

create table if not exists batch (
    id varchar(20) primary key,
    started_by varchar(100) not null,
    -- running, paused, completed, failed or abandoned
    state varchar(10) not null,
    -- the number of people, null until all of them are listed
    people integer,
    began timestamp with time zone not null,
    ended timestamp with time zone,
    last_error varchar
);

-- The people of a batch, in the order of the people API; positions count from 0. Kept while they may be needed again.
create table if not exists person (
    batch_id varchar(20) not null references batch on delete cascade,
    position integer not null,
    id varchar not null,
    name varchar not null,
    primary key (batch_id, position),
    unique (batch_id, id)
);

create table if not exists run (
    batch_id varchar(20) not null references batch on delete cascade,
    indexer varchar(100) not null,
    -- not_started, running, paused, completed, failed or abandoned
    state varchar(11) not null,
    -- people a chunk: chunk n covers the positions from (n - 1) * chunk_size up to n * chunk_size
    chunk_size integer not null,
    began timestamp with time zone,
    ended timestamp with time zone,
    last_error varchar,
    primary key (batch_id, indexer)
);

create table if not exists chunk (
    batch_id varchar(20) not null,
    indexer varchar(100) not null,
    -- counts from 1
    number integer not null,
    -- how often it was begun
    attempts integer not null,
    -- null while it is under way; the counts below are of a chunk that is done
    done timestamp with time zone,
    urls integer not null default 0,
    documents integer not null default 0,
    csv_rows integer not null default 0,
    errors integer not null default 0,
    calls integer not null default 0,
    primary key (batch_id, indexer, number),
    foreign key (batch_id, indexer) references run on delete cascade
);

-- The URLs of done chunks that gave nothing, or whose section was not delivered.
create table if not exists failed_url (
    batch_id varchar(20) not null,
    indexer varchar(100) not null,
    -- of the person in the batch
    position integer not null,
    chunk integer not null,
    url varchar not null,
    reason varchar not null,
    -- of the HTTP answer, null where there was none
    status integer,
    attempts integer not null,
    failed_at timestamp with time zone not null,
    primary key (batch_id, indexer, position),
    foreign key (batch_id, indexer, chunk) references chunk on delete cascade
);
