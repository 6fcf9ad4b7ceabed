import type { Migration } from '../migration.ts';

/** Jobs: work that outlives its request. */
export const jobs: Migration = {
  name: '0012-jobs',
  up: [
    `create table jobs (
       id uuid primary key,
       operation text not null check (operation in ('clone')),
       state text not null default 'started' check (state in ('started', 'success', 'error')),
       owner uuid not null,
       source_media uuid not null,
       target_media uuid not null,
       source_blob uuid references blobs,
       total bigint not null check (total between 0 and 9007199254740991),
       copied bigint not null default 0 check (copied between 0 and total),
       attempts integer not null default 0,
       due_at timestamptz not null default clock_timestamp(),
       failure text,
       created_at timestamptz not null default clock_timestamp(),
       modified_at timestamptz not null default clock_timestamp(),
       constraint jobs_read_while_started check ((source_blob is not null) = (state = 'started'))
     )`,
    `create index jobs_due on jobs (due_at) where state = 'started'`,
    `create index jobs_ended on jobs (modified_at) where state <> 'started'`,
    `create index jobs_of_owner on jobs (owner, created_at, id)`,
    `create index jobs_from on jobs (source_media) where state = 'started'`,
    `create index jobs_into on jobs (target_media) where state = 'started'`,
    `create index jobs_reading on jobs (source_blob) where source_blob is not null`,
    `comment on table jobs is 'Work that outlives its request. Whoever is at it holds the lease on its target'`,
    `comment on column jobs.id is 'The UUID that clients know'`,
    `comment on column jobs.operation is 'What is done'`,
    `comment on column jobs.state is 'started, then success or error'`,
    `comment on column jobs.owner is 'The UUID of the user who asked for it; nobody else sees it'`,
    `comment on column jobs.source_media is 'What is read; it may be gone'`,
    `comment on column jobs.target_media is 'What is made; it may be gone'`,
    `comment on column jobs.source_blob is 'The bytes that are read: they stay for as long as they are named here'`,
    `comment on column jobs.total is 'How many bytes there are to copy'`,
    `comment on column jobs.copied is 'How many of them are copied'`,
    `comment on column jobs.attempts is 'How often it was begun'`,
    `comment on column jobs.due_at is 'Nobody begins it before'`,
    `comment on column jobs.failure is 'The code of what it failed with the last time, for the operator'`,
    `comment on column jobs.created_at is 'When it was asked for; lists show the newest last'`,
    `comment on column jobs.modified_at is 'When it last came further, or when it ended'`,

    `create or replace view library_holds as select source_media as media_id from jobs where state = 'started'`,
  ],
  down: [`create or replace view library_holds as select null::uuid as media_id where false`, `drop table jobs`],
};
