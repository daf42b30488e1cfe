-- Which instance may write to the ledger. One row. For H2 and PostgreSQL alike. "If not exists": see V1.

create table if not exists lease (
    name varchar(20) primary key,
    -- grows each time another instance takes the lease
    epoch bigint not null,
    -- process@host of the instance that took it last
    holder varchar(300) not null,
    -- by the clock of the database
    expires timestamp with time zone not null,
    -- Makes the epoch a key column: a change of epoch waits for the writes under way, and a renewal does not.
    unique (name, epoch)
);

insert into lease (name, epoch, holder, expires)
select 'ledger', 0, 'nobody', timestamp with time zone '1970-01-01 00:00:00+00'
where not exists (select 1 from lease);
