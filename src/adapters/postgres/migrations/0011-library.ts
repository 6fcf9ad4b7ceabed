import type { Migration } from '../migration.ts';

/** Library drives, and the licences that media items need. */
export const library: Migration = {
  name: '0011-library',
  up: [
    `create table licences (
       name text collate "C" primary key,
       number bigint not null check (number between 1 and 9007199254740991)
         constraint licences_number_unique unique deferrable initially deferred,
       long_name text not null,
       type text not null,
       burstable boolean not null,
       user_metric text not null,
       withdrawn boolean not null default false
     )`,
    `comment on table licences is 'What has to be paid for or agreed to, as the operator declares it'`,
    `comment on column licences.name is 'What media name it by'`,
    `comment on column licences.number is 'The number that clients know; checked at the end of a transaction, so that two may change places'`,
    `comment on column licences.long_name is 'Its name for people'`,
    `comment on column licences.type is 'How it is billed'`,
    `comment on column licences.burstable is 'Whether it may be used on top of what was bought'`,
    `comment on column licences.user_metric is 'What is counted of its user'`,
    `comment on column licences.withdrawn is 'Not declared any more, and kept for the media that need it'`,

    `create table media_licences (
       media_id uuid not null references media on delete cascade,
       licence text collate "C" not null references licences,
       amount bigint not null check (amount between 1 and 9007199254740991),
       primary key (media_id, licence)
     )`,
    `create index media_licences_by_licence on media_licences (licence)`,
    `comment on table media_licences is 'The licences that media need, for as long as there are the media'`,
    `comment on column media_licences.media_id is 'Which media'`,
    `comment on column media_licences.licence is 'Which licence'`,
    `comment on column media_licences.amount is 'How many of it'`,

    `create table library_drives (
       media_id uuid primary key references media on delete cascade,
       key text not null,
       published_at timestamptz,
       withdrawn_at timestamptz,
       name text not null,
       description text,
       os text not null,
       arch text not null,
       distribution text,
       version text,
       category text[] not null,
       image_type text not null,
       install_notes text,
       paid boolean not null,
       favourite boolean not null,
       url text not null,
       default_user text,
       meta jsonb not null
     )`,
    `create unique index library_drives_key_unique on library_drives (key) where published_at is not null and withdrawn_at is null`,
    `create index library_drives_listed on library_drives (published_at, media_id)
       where published_at is not null and withdrawn_at is null`,
    `create index library_drives_withdrawn on library_drives (media_id) where withdrawn_at is not null`,
    `comment on table library_drives is 'Media that the operator publishes. Listed are those that were published and not withdrawn'`,
    `comment on column library_drives.media_id is 'The media: read-only, of the root group'`,
    `comment on column library_drives.key is 'By what it is known again when it is declared the next time: its id where the operator gave it one, else its name'`,
    `comment on column library_drives.published_at is 'When it was published; null while its bytes arrive. Lists show the newest last'`,
    `comment on column library_drives.withdrawn_at is 'Since when it is not declared any more; it goes once nothing holds it'`,
    `comment on column library_drives.name is 'Its name for people, not unique'`,
    `comment on column library_drives.description is 'What it is'`,
    `comment on column library_drives.os is 'The operating system on it, or that it is for'`,
    `comment on column library_drives.arch is 'How many bits the processor has that it is for'`,
    `comment on column library_drives.distribution is 'The distribution of the operating system'`,
    `comment on column library_drives.version is 'Its version'`,
    `comment on column library_drives.category is 'What it is for, in the order of the operator'`,
    `comment on column library_drives.image_type is 'How it is used'`,
    `comment on column library_drives.install_notes is 'What whoever uses it should know'`,
    `comment on column library_drives.paid is 'Whether it has to be paid for'`,
    `comment on column library_drives.favourite is 'Whether it is shown first, by clients that do'`,
    `comment on column library_drives.url is 'Where there is more about it; empty for nowhere'`,
    `comment on column library_drives.default_user is 'Who may sign in to what is installed on it'`,
    `comment on column library_drives.meta is 'Whatever else the operator says of it'`,

    `create view library_holds as select null::uuid as media_id where false`,
    `comment on view library_holds is 'What withdrawn library drives are kept for, one row for each use. Whatever comes to use them is added here'`,
  ],
  down: [`drop view library_holds`, `drop table library_drives`, `drop table media_licences`, `drop table licences`],
};
