import type { Migration } from '../migration.ts';

/**
 * Stores when bytes may be deleted a second time, since requests of a dead process may be carried
 * out later.
 */
export const settling: Migration = {
  name: '0004-settling',
  up: [
    `alter table media add column settled_at timestamptz constraint media_settles_at_its_end check (settled_at is null or state = 'removing')`,
    `comment on column media.settled_at is 'When nothing can bring the bytes back any more that were taken away; null where nothing could'`,
  ],
  down: [`alter table media drop column settled_at`],
};
