import type { Migration } from '../migration.ts';

/** Servers, attachments and tags. */
export const serversTags: Migration = {
  name: '0013-servers-tags',
  up: [
    `create table servers (
       id uuid primary key,
       owner uuid not null references users (uuid) on delete cascade,
       name text not null,
       cpu bigint not null check (cpu between 0 and 9007199254740991),
       memory bigint not null check (memory between 0 and 9007199254740991),
       screen_password text not null,
       meta jsonb not null,
       kept jsonb not null,
       created_at timestamptz not null default clock_timestamp()
     )`,
    `create index servers_of_owner on servers (owner, created_at, id)`,
    `comment on table servers is 'Definitions of servers. None of them runs here: they are what media are attached to'`,
    `comment on column servers.id is 'The UUID that clients know'`,
    `comment on column servers.owner is 'The user who made it; nobody else sees it, so it goes with them'`,
    `comment on column servers.name is 'What its owner calls it; need not be unique'`,
    `comment on column servers.cpu is 'MHz'`,
    `comment on column servers.memory is 'Bytes'`,
    `comment on column servers.screen_password is 'For the screen of a guest; its owner is shown it, so it is kept as it is'`,
    `comment on column servers.meta is 'Texts by name, as its owner left them'`,
    `comment on column servers.kept is 'Whatever else its owner said, as it is to be answered'`,
    `comment on column servers.created_at is 'Lists show the newest last'`,

    `create table attachments (
       server_id uuid not null references servers on delete cascade,
       device text not null check (device in ('ide', 'virtio')),
       controller integer not null check (controller >= 0),
       unit integer not null check (unit >= 0),
       media_id uuid not null references media on delete cascade,
       boot_order integer,
       primary key (server_id, device, controller, unit)
     )`,
    `create index attachments_of_media on attachments (media_id)`,
    `comment on table attachments is 'Which media a server has, and where. They go when their media are taken out of use'`,
    `comment on column attachments.server_id is 'Which server'`,
    `comment on column attachments.device is 'What a guest takes their controller for'`,
    `comment on column attachments.controller is 'The first number of their channel'`,
    `comment on column attachments.unit is 'The second number of their channel'`,
    `comment on column attachments.media_id is 'Which media. Whoever attaches them has locked them'`,
    `comment on column attachments.boot_order is 'When they are tried at the start of a guest, lowest first; null for never'`,

    `create table tags (
       id uuid primary key,
       owner uuid not null references users (uuid) on delete cascade,
       name text not null,
       meta jsonb not null,
       created_at timestamptz not null default clock_timestamp()
     )`,
    `create index tags_of_owner on tags (owner, created_at, id)`,
    `comment on table tags is 'Names that users put on media and servers'`,
    `comment on column tags.id is 'The UUID that clients know'`,
    `comment on column tags.owner is 'The user who made it; nobody else sees it, so it goes with them'`,
    `comment on column tags.name is 'What its owner calls it; need not be unique'`,
    `comment on column tags.meta is 'Texts by name, as its owner left them'`,
    `comment on column tags.created_at is 'Lists show the newest last'`,

    `create table media_tags (
       tag_id uuid not null references tags on delete cascade,
       media_id uuid not null references media on delete cascade,
       primary key (tag_id, media_id)
     )`,
    `create index media_tags_of_media on media_tags (media_id)`,
    `comment on table media_tags is 'Which tags are on media'`,
    `comment on column media_tags.tag_id is 'Which tag'`,
    `comment on column media_tags.media_id is 'Which media'`,

    `create table server_tags (
       tag_id uuid not null references tags on delete cascade,
       server_id uuid not null references servers on delete cascade,
       primary key (tag_id, server_id)
     )`,
    `create index server_tags_of_server on server_tags (server_id)`,
    `comment on table server_tags is 'Which tags are on servers'`,
    `comment on column server_tags.tag_id is 'Which tag'`,
    `comment on column server_tags.server_id is 'Which server'`,

    `create or replace view library_holds as
       select source_media as media_id from jobs where state = 'started' union all select media_id from attachments`,
  ],
  down: [
    `create or replace view library_holds as select source_media as media_id from jobs where state = 'started'`,
    `drop table server_tags`,
    `drop table media_tags`,
    `drop table tags`,
    `drop table attachments`,
    `drop table servers`,
  ],
};
