import type { Migration } from '../migration.ts';

const STATES_BEFORE = `check (state in ('creating', 'uploading', 'ready', 'removing'))`;
const STATES = `check (state in ('creating', 'uploading', 'cloning', 'resizing', 'ready', 'removing'))`;

/**
 * Labels of media items and profiles of users in the CloudSigma dialect, and the states that it
 * needs.
 */
export const labels: Migration = {
  name: '0010-labels',
  up: [
    `create table media_labels (
       media_id uuid primary key references media on delete cascade,
       label text not null,
       meta jsonb not null default '{}',
       shareable boolean not null default false,
       affinities jsonb not null default '[]'
     )`,
    `comment on table media_labels is 'What users wrote on media; media without a row are labelled with their name'`,
    `comment on column media_labels.media_id is 'Which media'`,
    `comment on column media_labels.label is 'What users call it; need not be unique'`,
    `comment on column media_labels.meta is 'Texts by name, as users left them'`,
    `comment on column media_labels.shareable is 'Whether several servers may have it attached at once'`,
    `comment on column media_labels.affinities is 'Where users want it to lie; kept and answered, with no effect'`,

    `alter table users
       add column clone_naming text not null default 'NONE'
         constraint users_clone_naming_known check (clone_naming in ('NONE', 'COUNTER', 'DATE', 'TIMESTAMP')),
       add column first_name text not null default '',
       add column last_name text not null default '',
       add column created_at timestamptz not null default clock_timestamp()`,
    `comment on column users.clone_naming is 'How clones are named that nobody named'`,
    `comment on column users.first_name is 'As the user wrote it'`,
    `comment on column users.last_name is 'As the user wrote it'`,
    `comment on column users.created_at is 'When the user was made, or when this column was'`,

    `alter table media drop constraint media_state_check, add constraint media_state_check ${STATES}`,
    `alter table media drop constraint media_lease_while_under_way, add constraint media_lease_while_under_way check (
       case when state in ('creating', 'uploading', 'resizing') then lease_holder is not null
            when state = 'ready' then lease_holder is null else true end
     )`,
    `comment on column media.state is 'creating, uploading and cloning, then ready, with resizing in between, then removing'`,
    `create index media_shown on media (group_id, pool_id, created_at, id) where group_id is not null`,
  ],
  down: [
    `drop index media_shown`,
    `comment on column media.state is 'creating and uploading, then ready, then removing'`,
    `alter table media drop constraint media_lease_while_under_way, add constraint media_lease_while_under_way check (
       case when state in ('creating', 'uploading') then lease_holder is not null when state = 'ready' then lease_holder is null else true end
     )`,
    `alter table media drop constraint media_state_check, add constraint media_state_check ${STATES_BEFORE}`,
    `alter table users drop column clone_naming, drop column first_name, drop column last_name, drop column created_at`,
    `drop table media_labels`,
  ],
};
