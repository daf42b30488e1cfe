-- The key of the API that is made when the settings have none. For H2 and PostgreSQL alike.

create table if not exists api_key (
    name varchar(64) primary key,
    -- salted: sha256:<salt>:<hash>
    hash varchar(100) not null,
    made timestamp with time zone not null
);
