import type { Migration } from '../migration.ts';

/** Lets downloads tell whether the bytes of writable media are still those that came in. */
export const fingerprints: Migration = {
  name: '0003-fingerprints',
  up: [
    `alter table blobs add column fingerprint text`,
    `comment on column blobs.fingerprint is 'How the store knows whether somebody wrote to the bytes in place; null where nobody can'`,
  ],
  down: [`alter table blobs drop column fingerprint`],
};
