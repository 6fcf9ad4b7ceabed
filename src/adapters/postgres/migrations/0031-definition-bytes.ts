import type { Migration } from '../migration.ts';

/** Counts the bytes of a user's definitions, which have a common limit. */
export const definitionBytes: Migration = {
  name: '0031-definition-bytes',
  up: [
    // PostgreSQL computes the columns, also for existing rows and for those that an older version
    // writes during a rolling upgrade.
    `alter table servers add column definition_bytes bigint generated always as (
       octet_length(name) + octet_length(screen_password) + octet_length(meta::text) + octet_length(kept::text)
     ) stored`,
    `alter table tags add column definition_bytes bigint generated always as (
       octet_length(name) + octet_length(meta::text)
     ) stored`,
    `alter table media_labels
       add column written_by uuid,
       add column definition_bytes bigint generated always as (
         octet_length(label) + octet_length(meta::text) + octet_length(affinities::text)
       ) stored`,
    `update media_labels set written_by = media.created_by from media where media.id = media_id`,
    `create index media_labels_by_writer on media_labels (written_by) include (definition_bytes)`,
    `comment on column servers.definition_bytes is 'How many bytes count for its owner: octets of JSON, before any compression'`,
    `comment on column tags.definition_bytes is 'How many bytes count for its owner: octets of JSON, before any compression'`,
    `comment on column media_labels.written_by is 'The UUID of the user that wrote it last, which may be gone, and for which it counts; before this column was, the user that made the media. Null from an older version during a rolling upgrade: then it counts for no user until it is written again'`,
    `comment on column media_labels.definition_bytes is 'How many bytes count for the user that wrote it: octets of JSON, before any compression'`,
  ],
  down: [
    `drop index media_labels_by_writer`,
    `alter table media_labels drop column definition_bytes, drop column written_by`,
    `alter table tags drop column definition_bytes`,
    `alter table servers drop column definition_bytes`,
  ],
};
