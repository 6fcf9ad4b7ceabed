import type { Migration } from '../migration.ts';

/** The checksums that imported items were verified by. */
export const sourceChecksums: Migration = {
  name: '0054-source-checksums',
  up: [
    `alter table media add column source_checksum text`,
    `comment on column media.source_url is 'The URL that was imported, without its query, which may be a secret'`,
    `comment on column media.source_checksum is 'The checksum that the imported bytes were verified by, with its algorithm; null for none'`,
  ],
  down: [
    `alter table media drop column source_checksum`,
    `comment on column media.source_url is 'The URL that was imported'`,
  ],
};
