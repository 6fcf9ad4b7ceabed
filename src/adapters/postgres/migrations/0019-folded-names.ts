import type { Migration } from '../migration.ts';

/**
 * Case-folded names for searches. The program folds them, since PostgreSQL's result depends on its
 * version and locale.
 */
export const foldedNames: Migration = {
  name: '0019-folded-names',
  up: [
    `alter table media add column folded_name text collate "C"`,
    `create index media_unfolded on media (id) where folded_name is null`,
    `comment on column media.folded_name is 'The name in lower case, by the simple mapping of Unicode; null until it is folded'`,

    `alter table media_labels add column folded_label text collate "C", add column folded_from text`,
    `create index media_labels_unfolded on media_labels (media_id) where folded_from is distinct from label`,
    `comment on column media_labels.folded_label is 'folded_from in lower case, by the simple mapping of Unicode'`,
    `comment on column media_labels.folded_from is 'The label that was folded: another one where a version before this one has changed the label since'`,

    `alter table library_drives add column folded_name text collate "C", add column folded_from text`,
    `create index library_drives_unfolded on library_drives (media_id) where folded_from is distinct from name`,
    `comment on column library_drives.folded_name is 'folded_from in lower case, by the simple mapping of Unicode'`,
    `comment on column library_drives.folded_from is 'The name that was folded: another one where a version before this one has changed the name since'`,
  ],
  down: [
    `alter table library_drives drop column folded_name, drop column folded_from`,
    `alter table media_labels drop column folded_label, drop column folded_from`,
    `alter table media drop column folded_name`,
  ],
};
