import type { Migration } from '../migration.ts';

const LEASED = `when state = 'ready' then lease_holder is null else true end`;

/** Uploads that outlive a connection, a process and a restart. */
export const uploads: Migration = {
  name: '0032-uploads',
  up: [
    `alter table media add column resumable boolean not null default false`,
    `comment on column media.resumable is 'Whether its upload outlives a request: then its lease is in uploads'`,
    `alter table media drop constraint media_lease_while_under_way, add constraint media_lease_while_under_way check (
       case when state = 'uploading' and resumable then lease_holder is null
            when state in ('creating', 'uploading', 'resizing') then lease_holder is not null ${LEASED}
     )`,
    `create table uploads (
       id uuid primary key,
       creator uuid not null,
       group_id bigint not null,
       pool_id bigint not null,
       name text collate "C" not null,
       type text,
       readonly boolean,
       length bigint not null check (length between 0 and 9007199254740991),
       sha256 bytea check (octet_length(sha256) = 32),
       received bigint not null default 0,
       state text not null default 'open' check (state in ('open', 'verifying', 'finished', 'ended')),
       expires_at timestamptz not null,
       holder uuid,
       lease_until timestamptz,
       release_wanted boolean not null default false,
       created_at timestamptz not null default clock_timestamp(),
       constraint uploads_received_within_length check (received between 0 and length),
       constraint uploads_verifying_when_complete check (state not in ('verifying', 'finished') or received = length)
     )`,
    `create index uploads_of_creator on uploads (creator, pool_id, name) where state in ('open', 'verifying')`,
    `create index uploads_by_end on uploads (expires_at)`,
    `create index uploads_verifying on uploads (lease_until) where state = 'verifying'`,
    `create index uploads_held on uploads (holder) where lease_until is not null`,
    `comment on table uploads is 'Resumable uploads, open ones and those that ended not long ago. The item of an open one is uploading'`,
    `comment on column uploads.id is 'The id of its media item, which may not exist any more'`,
    `comment on column uploads.creator is 'The UUID of the user that created it'`,
    `comment on column uploads.group_id is 'The group of the item'`,
    `comment on column uploads.pool_id is 'The pool of the item'`,
    `comment on column uploads.name is 'The name of the item when the upload was created'`,
    `comment on column uploads.type is 'The type that was ordered; null for ISO or DISK, by the bytes'`,
    `comment on column uploads.readonly is 'The flag that was ordered; null for true if it is an ISO'`,
    `comment on column uploads.length is 'How many bytes it has when it is complete'`,
    `comment on column uploads.sha256 is 'The digest that its bytes must have; null for any'`,
    `comment on column uploads.received is 'How many bytes from the beginning are durable; never decreases'`,
    `comment on column uploads.state is 'open, verifying when complete, finished with an item, ended without'`,
    `comment on column uploads.expires_at is 'When an open upload ends unless bytes arrive; rows of others are forgotten then'`,
    `comment on column uploads.holder is 'The process that wrote last'`,
    `comment on column uploads.lease_until is 'Until when no other process may write; null if no process writes'`,
    `comment on column uploads.release_wanted is 'Whether another request waits for the lease'`,
    `comment on column uploads.created_at is 'When it was created'`,
  ],
  down: [
    `drop table uploads`,
    `update media set state = 'removing', group_id = null where state = 'uploading' and resumable`,
    `alter table media drop constraint media_lease_while_under_way, add constraint media_lease_while_under_way check (
       case when state in ('creating', 'uploading', 'resizing') then lease_holder is not null ${LEASED}
     )`,
    `alter table media drop column resumable`,
  ],
};
