-- Further fields of a person (colleagues.people.fields), a JSON object of texts; null for none.
alter table person add column if not exists fields varchar;
