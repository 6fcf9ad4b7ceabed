import type { Migration } from '../migration.ts';

const STATES_BEFORE = `'creating', 'uploading', 'cloning', 'parting', 'resizing', 'ready', 'removing', 'trashed'`;

/** Moves of items between pools: the copy that is charged in the new pool, and the kind of job. */
export const itemMoves: Migration = {
  name: '0050-item-moves',
  up: [
    `alter table media add column stored_as uuid`,
    `alter table media drop constraint media_state_check, add constraint media_state_check check (state in (${STATES_BEFORE}, 'moving'))`,
    `alter table media drop constraint media_owned_until_removal, add constraint media_owned_until_removal
       check ((group_id is null) = (state in ('parting', 'removing', 'trashed', 'moving')))`,
    `alter table media drop constraint media_charged_aside, add constraint media_charged_aside
       check ((charged_to is not null) = (state in ('trashed', 'moving')))`,
    `alter table media add constraint media_stored_aside check (stored_as is null or state in ('moving', 'removing'))`,
    `create unique index media_stored_as_unique on media (pool_id, stored_as) where stored_as is not null`,
    `comment on column media.stored_as is 'The name of its bytes in its pool, if it is not blob_id: the id of the item that moves there, or moved away'`,
    `comment on column media.charged_to is 'The group whose usage counts an item that no group owns: the former group of an item in the trash, the new group of one that moves'`,
    `comment on column media.group_id is 'The group that owns it; null in trashed, parting, moving and removing'`,
    `comment on column media.state is 'creating, uploading or cloning, then ready, with resizing and trashed in between, then removing; parting while it holds the private copy of an unshare, moving while it holds the copy of an item that moves to its pool, then removing'`,
    `alter table jobs drop constraint jobs_operation_check, add constraint jobs_operation_check check (operation in ('clone', 'part', 'move'))`,
    `comment on column jobs.operation is 'clone; part: unshare, which gives the source a blob of its own; move: carries the source to the pool of the target'`,
  ],
  down: [
    `comment on column jobs.operation is 'clone, or part: unshare, which gives the source a blob of its own'`,
    `delete from jobs where operation = 'move'`,
    `alter table jobs drop constraint jobs_operation_check, add constraint jobs_operation_check check (operation in ('clone', 'part'))`,
    `comment on column media.state is 'creating, uploading or cloning, then ready, with resizing and trashed in between, then removing; parting while it holds the private copy of an unshare, then removing'`,
    `comment on column media.group_id is 'The group that owns it; null in trashed, parting and removing'`,
    `comment on column media.charged_to is 'The group whose usage counts an item that no group owns: the former group of an item in the trash'`,
    `update usage set used = usage.used - moving.bytes, items = usage.items - moving.items
     from (select level.group_id, pool_id, sum(size) as bytes, count(*) as items
           from media join groups on groups.id = charged_to cross join lateral unnest(groups.path) as level (group_id)
           where media.state = 'moving' group by level.group_id, pool_id) as moving
     where usage.group_id = moving.group_id and usage.pool_id = moving.pool_id`,
    `alter table media drop constraint media_stored_aside, drop constraint media_charged_aside`,
    `update media set state = 'removing', charged_to = null where state = 'moving'`,
    `alter table media add constraint media_charged_aside check ((charged_to is not null) = (state = 'trashed'))`,
    `alter table media drop constraint media_owned_until_removal, add constraint media_owned_until_removal
       check ((group_id is null) = (state in ('parting', 'removing', 'trashed')))`,
    `alter table media drop constraint media_state_check, add constraint media_state_check check (state in (${STATES_BEFORE}))`,
    `alter table media drop column stored_as`,
  ],
};
