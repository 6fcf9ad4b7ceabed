import type { Migration } from '../migration.ts';

/** Stores why an item is being deleted, for the process that still writes its bytes. */
export const abandonedMedia: Migration = {
  name: '0023-abandoned-media',
  up: [
    `alter table media add column abandoned boolean not null default false`,
    `comment on column media.abandoned is 'Whether they are being removed because the process that brought their bytes fell silent'`,
  ],
  down: [`alter table media drop column abandoned`],
};
