import type { Migration } from '../migration.ts';

/** Indexes for lists of media items in every order, by type, by state and by digest. */
export const mediaLists: Migration = {
  name: '0043-media-lists',
  up: [
    `create index media_by_name on media (group_id, pool_id, name, id) where group_id is not null`,
    // With the state, so that usage by state is read from the index alone.
    `create index media_by_size on media (group_id, pool_id, size, id) include (state) where group_id is not null`,
    `create index media_of_type_by_creation on media (group_id, pool_id, type, created_at, id) where group_id is not null`,
    `create index media_of_type_by_name on media (group_id, pool_id, type, name, id) where group_id is not null`,
    `create index media_of_type_by_size on media (group_id, pool_id, type, size, id) where group_id is not null`,
    `create index media_unfinished on media (state) where state in ('creating', 'uploading', 'cloning', 'resizing')`,
    `create index blobs_by_digest on blobs (sha256) where sha256 is not null`,
  ],
  down: [
    `drop index blobs_by_digest`,
    `drop index media_unfinished`,
    `drop index media_of_type_by_size`,
    `drop index media_of_type_by_name`,
    `drop index media_of_type_by_creation`,
    `drop index media_by_size`,
    `drop index media_by_name`,
  ],
};
