import { PROVENANCE_KINDS } from '../../../domain/media/provenance.ts';
import type { Migration } from '../migration.ts';

/** How items came into being, and what users say about them. */
export const provenance: Migration = {
  name: '0044-provenance',
  up: [
    `alter table media
       add column provenance text check (provenance in (${PROVENANCE_KINDS.map((kind) => `'${kind}'`).join(', ')})),
       add column source_media uuid,
       add column source_url text,
       add column channel text,
       add column description text check (char_length(description) <= 4096)`,
    `create index media_by_source on media (source_media) where source_media is not null`,
    `comment on column media.provenance is 'How the item came into being; null for items from an older version'`,
    `comment on column media.source_media is 'The item that was cloned; it may not exist any more'`,
    `comment on column media.source_url is 'The URL that was imported'`,
    `comment on column media.channel is 'The channel of the user that created it, as in audit_entries'`,
    `comment on column media.description is 'The description by its users; null for none'`,
  ],
  down: [
    `alter table media drop column provenance, drop column source_media, drop column source_url, drop column channel,
       drop column description`,
  ],
};
