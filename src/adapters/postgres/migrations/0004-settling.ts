import type { Migration } from '../migration.ts';

/**
 * Lets bytes be taken away a second time, where what a dead process had asked for may be carried
 * out after it.
 */
export const settling: Migration = {
  name: '0004-settling',
  up: [
    `alter table media add column settled_at timestamptz constraint media_settles_at_its_end check (settled_at is null or state = 'removing')`,
    `comment on column media.settled_at is 'When nothing can bring the bytes back any more that were taken away; null where nothing could'`,
  ],
  down: [`alter table media drop column settled_at`],
};
