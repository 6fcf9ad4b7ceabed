import type { Migration } from '../migration.ts';

/** Protects single items from deletion. */
export const protectedMedia: Migration = {
  name: '0045-protected-media',
  up: [
    `alter table media add column protected boolean not null default false`,
    `create index media_protected on media (group_id, created_at, id) where protected`,
    `comment on column media.protected is 'Whether deletions of the item, and of its group, are refused'`,
  ],
  down: [`alter table media drop column protected`],
};
