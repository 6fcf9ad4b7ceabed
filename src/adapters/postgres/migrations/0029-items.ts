import type { Migration } from '../migration.ts';

const COUNTED = `
  select level.group_id, media.pool_id, sum(media.size) as bytes, count(*) as items
  from media
  join groups on groups.id = media.group_id
  cross join lateral unnest(groups.path) as level (group_id)
  group by level.group_id, media.pool_id`;

const OF_POOLS = `
  from pools left join media on media.pool_id = pools.id
  group by pools.id
  having pools.used <> coalesce(sum(media.size), 0)`;

const ABOUT = `comment on view usage_drift is 'The invariant: every usage is the sum of the media that count in it. A row here is a fault'`;

/** Counts items, since items without bytes also cost files and rows. */
export const items: Migration = {
  name: '0029-items',
  up: [
    // Without a check: an older Platter does not count items during a rolling upgrade.
    `alter table usage add column items bigint not null default 0`,
    `comment on column usage.items is 'How many finished media and media under way count'`,
    `insert into usage (group_id, pool_id, used, items) select group_id, pool_id, bytes, items from (${COUNTED}) as counted
     on conflict (group_id, pool_id) do update set items = excluded.items`,
    `create or replace view usage_drift as
       with counted as (${COUNTED})
       select 'group' as level, group_id, pool_id, coalesce(usage.used, 0) as used, coalesce(counted.bytes, 0) as counted,
         coalesce(usage.items, 0) as used_items, coalesce(counted.items, 0) as counted_items
       from usage full join counted using (group_id, pool_id)
       where coalesce(usage.used, 0) <> coalesce(counted.bytes, 0) or coalesce(usage.items, 0) <> coalesce(counted.items, 0)
       union all
       select 'pool', null, pools.id, pools.used, coalesce(sum(media.size), 0), 0, 0 ${OF_POOLS}`,
    ABOUT,
  ],
  down: [
    `drop view usage_drift`,
    `create view usage_drift as
       with counted as (${COUNTED})
       select 'group' as level, group_id, pool_id, coalesce(usage.used, 0) as used, coalesce(counted.bytes, 0) as counted
       from usage full join counted using (group_id, pool_id)
       where coalesce(usage.used, 0) <> coalesce(counted.bytes, 0)
       union all
       select 'pool', null, pools.id, pools.used, coalesce(sum(media.size), 0) ${OF_POOLS}`,
    ABOUT,
    `alter table usage drop column items`,
  ],
};
