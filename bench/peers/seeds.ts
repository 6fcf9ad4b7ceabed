import { Client } from 'pg';

const ROOT_GROUP = 0;
const POOL = 1;
/** The size of each item in bytes. */
const SIZE = 2 ** 20;

/** Runs statements on their own connection. */
export async function onDatabase(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Inserts finished items without bytes into a group, and charges them. */
export async function seedMedia(url: string, gid: number, count: number): Promise<void> {
  const total = count * SIZE;
  await onDatabase(
    url,
    mediaOf(gid, 'seeded', count),
    `insert into usage (group_id, pool_id, used, items)
     values (${gid}, ${POOL}, ${total}, ${count}), (${ROOT_GROUP}, ${POOL}, ${total}, ${count})
     on conflict (group_id, pool_id) do update
       set used = usage.used + excluded.used, items = usage.items + excluded.items`,
    `update pools set used = used + ${total} where id = ${POOL}`,
    'vacuum analyze',
    'checkpoint',
  );
}

/**
 * Inserts finished items without bytes into these groups by turns, of two types and many sizes.
 * Charges nothing.
 */
export async function seedCatalogue(url: string, gids: readonly number[], count: number): Promise<void> {
  await onDatabase(
    url,
    `with made as (
       insert into blobs (id, pool_id, stored_bytes, sha256)
       select gen_random_uuid(), ${POOL}, ${SIZE}, sha256(at::text::bytea) from generate_series(1, ${count}) as at returning id
     ), numbered as (select id, row_number() over () as at from made)
     insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, format, virtual_size)
     select numbered.id, ${POOL}, (array[${gids.join(', ')}])[1 + at % ${gids.length}], numbered.id, 'item ' || md5(numbered.id::text),
       case when at % 10 = 0 then 'ISO' else 'DISK' end, ${SIZE} * (1 + at % 1000), true, 'ready', users.uuid, 'raw', ${SIZE}
     from numbered cross join (select uuid from users where id = 0) as users`,
    'vacuum analyze',
    'checkpoint',
  );
}

/** Publishes library drives without bytes, in the root group. */
export async function seedLibrary(url: string, count: number): Promise<void> {
  const total = count * SIZE;
  await onDatabase(
    url,
    mediaOf(ROOT_GROUP, 'library', count),
    `insert into library_drives (media_id, key, published_at, name, description, os, arch, distribution, version, category, image_type,
       install_notes, paid, favourite, url, default_user, meta)
     select id, name, now(), name, 'A system for servers, ready to clone', 'linux', '64', 'Harbour', '3.1', '{general,webserver}', 'preinst',
       'Start it, and log in with your key.', false, false, 'https://example.org/', 'harbour', '{}'
     from media where name like 'library %'`,
    `insert into usage (group_id, pool_id, used, items) values (${ROOT_GROUP}, ${POOL}, ${total}, ${count})
     on conflict (group_id, pool_id) do update
       set used = usage.used + excluded.used, items = usage.items + excluded.items`,
    `update pools set used = used + ${total} where id = ${POOL}`,
    'vacuum analyze',
  );
}

function mediaOf(gid: number, prefix: string, count: number): string {
  return `with made as (
    insert into blobs (id, pool_id, stored_bytes, sha256)
    select gen_random_uuid(), ${POOL}, ${SIZE}, sha256(at::text::bytea) from generate_series(1, ${count}) as at returning id
  )
  insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, format, virtual_size)
  select id, ${POOL}, ${gid}, id, '${prefix} ${gid} ' || row_number() over (), 'DISK', ${SIZE}, true, 'ready', users.uuid, 'raw', ${SIZE}
  from made cross join (select uuid from users where id = 0) as users`;
}
