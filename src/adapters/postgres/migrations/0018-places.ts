import type { Migration } from '../migration.ts';

/** Several locations for a pool whose bytes move from one to the other. */
export const places: Migration = {
  name: '0018-places',
  up: [
    `alter table pools add column place smallint not null default 0 check (place >= 0)`,
    `comment on column pools.place is 'The number of the place that new bytes go to'`,
    `alter table blobs add column place smallint not null default 0 check (place >= 0)`,
    `alter table blobs add constraint blobs_place_unique unique (id, place)`,
    `create index blobs_by_place on blobs (pool_id, place, id)`,
    `comment on column blobs.place is 'The number of the place, among those of its pool, where it lies'`,
    `alter table media add column place smallint not null default 0`,
    `alter table media drop constraint media_blob_id_fkey, add constraint media_bytes_fkey
       foreign key (blob_id, place) references blobs (id, place) on update cascade`,
    `comment on column media.place is 'The place of its blob, kept the same by the foreign key: whoever waits for a lock on the row sees it as it is then'`,
  ],
  down: [
    `alter table media drop constraint media_bytes_fkey, add constraint media_blob_id_fkey foreign key (blob_id) references blobs`,
    `alter table media drop column place`,
    `drop index blobs_by_place`,
    `alter table blobs drop constraint blobs_place_unique, drop column place`,
    `alter table pools drop column place`,
  ],
};
