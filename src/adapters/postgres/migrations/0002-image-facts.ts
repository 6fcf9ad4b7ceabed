import type { Migration } from '../migration.ts';

/** Stores the facts of images. */
export const imageFacts: Migration = {
  name: '0002-image-facts',
  up: [
    `alter table media
       add column format text,
       add column virtual_size bigint check (virtual_size between 0 and 9007199254740991),
       add column label text`,
    `comment on column media.format is 'What its bytes were found to be; null until they are all there'`,
    `comment on column media.virtual_size is 'The bytes that a guest would see'`,
    `comment on column media.label is 'The name of the volume, where the format has one'`,
  ],
  down: [`alter table media drop column format, drop column virtual_size, drop column label`],
};
