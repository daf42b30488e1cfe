-- Exports are batches of a kind of their own, with one run. "If not exists": see V1.

-- indexing or export
alter table batch add column if not exists kind varchar(10) not null default 'indexing';

-- What an export is besides a batch. Its URLs are in the table person, as names; the ids are their positions.
create table if not exists export (
    batch_id varchar(20) primary key references batch on delete cascade,
    -- the name of the API key that asked for it, and alone sees it
    caller varchar(200) not null,
    job_id varchar(64) not null,
    -- SHA-256 of its URLs and columns, in hexadecimal
    digest varchar(64) not null,
    -- those that were asked for, a JSON array of texts; null where none were
    csv_columns varchar,
    unique (caller, job_id)
);
