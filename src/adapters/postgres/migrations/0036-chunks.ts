import type { Migration } from '../migration.ts';

/** Uploads whose bytes arrive in chunks, in any order. */
export const chunks: Migration = {
  name: '0036-chunks',
  up: [
    `alter table uploads add column chunked boolean not null default false,
       add column chunk_size bigint check (chunk_size between 1 and 9007199254740991),
       add constraint uploads_chunk_size_of_chunked check (chunked or chunk_size is null)`,
    `create table upload_ranges (
       upload_id uuid not null references uploads (id) on delete cascade,
       first bigint not null check (first >= 0),
       past bigint not null check (past > first),
       primary key (upload_id, first)
     )`,
    `create table chunk_leases (
       id uuid primary key,
       upload_id uuid not null references uploads (id) on delete cascade,
       first bigint not null,
       holder uuid not null,
       lease_until timestamptz not null,
       release_wanted boolean not null default false,
       unique (upload_id, first)
     )`,
    `create index chunk_leases_of_holder on chunk_leases (holder)`,
    `comment on column uploads.received is 'How many bytes are durable, from the beginning unless the upload is chunked; never decreases'`,
    `comment on column uploads.chunked is 'Whether its bytes arrive in chunks, in any order: then its leases are in chunk_leases until all bytes are there'`,
    `comment on column uploads.chunk_size is 'The size of its chunks, except the last one; null before the first chunk'`,
    `comment on table upload_ranges is 'The durable bytes of chunked uploads. Adjacent ranges are merged'`,
    `comment on column upload_ranges.upload_id is 'The upload'`,
    `comment on column upload_ranges.first is 'The offset of the first byte'`,
    `comment on column upload_ranges.past is 'The offset behind the last byte'`,
    `comment on table chunk_leases is 'Chunks that requests write. The holder renews the lease until the chunk is durable'`,
    `comment on column chunk_leases.id is 'Changes when another request takes the lease over'`,
    `comment on column chunk_leases.upload_id is 'The upload'`,
    `comment on column chunk_leases.first is 'The offset of the first byte of the chunk'`,
    `comment on column chunk_leases.holder is 'The process that writes'`,
    `comment on column chunk_leases.lease_until is 'Until when no other process may write'`,
    `comment on column chunk_leases.release_wanted is 'Whether another request waits for the lease'`,
  ],
  down: [
    `drop table chunk_leases, upload_ranges`,
    `update media set state = 'removing', group_id = null from uploads
     where media.id = uploads.id and uploads.chunked and media.state = 'uploading'`,
    `delete from uploads where chunked`,
    `alter table uploads drop column chunk_size, drop column chunked`,
    `comment on column uploads.received is 'How many bytes from the beginning are durable; never decreases'`,
  ],
};
