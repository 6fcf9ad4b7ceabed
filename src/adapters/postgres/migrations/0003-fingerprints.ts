import type { Migration } from '../migration.ts';

/**
 * Stores fingerprints, which show whether the bytes of a writable item have changed since the
 * upload.
 */
export const fingerprints: Migration = {
  name: '0003-fingerprints',
  up: [
    `alter table blobs add column fingerprint text`,
    `comment on column blobs.fingerprint is 'How the store knows whether somebody wrote to the bytes in place; null where nobody can'`,
  ],
  down: [`alter table blobs drop column fingerprint`],
};
