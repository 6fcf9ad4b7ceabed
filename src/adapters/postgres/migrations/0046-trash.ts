import type { Migration } from '../migration.ts';

const BEFORE = `'creating', 'uploading', 'cloning', 'parting', 'resizing', 'ready', 'removing'`;

const countedBy = (owner: string): string => `
  select level.group_id, media.pool_id, sum(media.size) as bytes, count(*) as items
  from media
  join groups on groups.id = ${owner}
  cross join lateral unnest(groups.path) as level (group_id)
  group by level.group_id, media.pool_id`;

const driftOf = (owner: string): string => `create or replace view usage_drift as
  with counted as (${countedBy(owner)})
  select 'group' as level, group_id, pool_id, coalesce(usage.used, 0) as used, coalesce(counted.bytes, 0) as counted,
    coalesce(usage.items, 0) as used_items, coalesce(counted.items, 0) as counted_items
  from usage full join counted using (group_id, pool_id)
  where coalesce(usage.used, 0) <> coalesce(counted.bytes, 0) or coalesce(usage.items, 0) <> coalesce(counted.items, 0)
  union all
  select 'pool', null, pools.id, pools.used, coalesce(sum(media.size), 0), 0, 0
  from pools left join media on media.pool_id = pools.id
  group by pools.id
  having pools.used <> coalesce(sum(media.size), 0)`;

/** Items in the trash: no list shows them and their names are free, but their group is charged. */
export const trash: Migration = {
  name: '0046-trash',
  up: [
    `alter table media add column charged_to bigint references groups, add column trashed_at timestamptz, add column trashed_by uuid`,
    `alter table media drop constraint media_state_check, add constraint media_state_check check (state in (${BEFORE}, 'trashed'))`,
    `alter table media drop constraint media_owned_until_removal, add constraint media_owned_until_removal
       check ((group_id is null) = (state in ('parting', 'removing', 'trashed')))`,
    `alter table media add constraint media_charged_aside check ((charged_to is not null) = (state = 'trashed'))`,
    `alter table media add constraint media_trashed_at check ((trashed_at is not null) = (state = 'trashed'))`,
    `drop index media_name_unique`,
    `create unique index media_name_unique on media (pool_id, name) where state not in ('removing', 'trashed')`,
    `create index media_charged on media (charged_to) where charged_to is not null`,
    `create index media_trash on media (charged_to, trashed_at, id) where state = 'trashed'`,
    `create index media_trash_by_age on media (trashed_at, id) where state = 'trashed'`,
    `comment on column media.charged_to is 'The group whose usage counts an item that no group owns: the former group of an item in the trash'`,
    `comment on column media.trashed_at is 'When it was moved to the trash'`,
    `comment on column media.trashed_by is 'The UUID of the user that moved it to the trash; may not exist any more'`,
    `comment on column media.name is 'Unique in its pool, until it is in the trash or being removed'`,
    `comment on column media.group_id is 'The group that owns it; null in trashed, parting and removing'`,
    `comment on column media.state is 'creating, uploading or cloning, then ready, with resizing and trashed in between, then removing; parting while it holds the private copy of an unshare, then removing'`,
    driftOf('coalesce(media.group_id, media.charged_to)'),
  ],
  down: [
    driftOf('media.group_id'),
    `update usage set used = usage.used - trashed.bytes, items = usage.items - trashed.items
     from (select level.group_id, pool_id, sum(size) as bytes, count(*) as items
           from media join groups on groups.id = charged_to cross join lateral unnest(groups.path) as level (group_id)
           group by level.group_id, pool_id) as trashed
     where usage.group_id = trashed.group_id and usage.pool_id = trashed.pool_id`,
    `drop index media_name_unique`,
    `alter table media drop constraint media_charged_aside, drop constraint media_trashed_at`,
    `update media set state = 'removing' where state = 'trashed'`,
    `create unique index media_name_unique on media (pool_id, name) where state <> 'removing'`,
    `alter table media drop constraint media_owned_until_removal, add constraint media_owned_until_removal
       check ((group_id is null) = (state in ('parting', 'removing')))`,
    `alter table media drop constraint media_state_check, add constraint media_state_check check (state in (${BEFORE}))`,
    `alter table media drop column charged_to, drop column trashed_at, drop column trashed_by`,
  ],
};
