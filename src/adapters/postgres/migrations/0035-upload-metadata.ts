import type { Migration } from '../migration.ts';

/** Returns to clients of uploads the metadata that they sent, as they sent it. */
export const uploadMetadata: Migration = {
  name: '0035-upload-metadata',
  up: [
    `alter table uploads add column metadata text constraint uploads_metadata_fits_headers check (length(metadata) <= 16384)`,
    `comment on column uploads.metadata is 'The metadata that the client sent with the creation, unchanged; null if it sent none'`,
  ],
  down: [`alter table uploads drop column metadata`],
};
