import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Pool, type PoolClient } from 'pg';

// Reads `Terms` as JSON from standard input, and prints how many media items it created and
// removed, as one line of JSON. The statements are Platter's, one transaction after the other,
// without HTTP, files and authentication.
interface Terms {
  readonly databaseUrl: string;
  readonly gid: number;
  readonly clients: number;
  readonly connections: number;
  readonly seconds: number;
}

const { databaseUrl, gid, clients, connections, seconds } = JSON.parse(await text(process.stdin)) as Terms;
const pool = new Pool({ connectionString: databaseUrl, max: connections });
const [ROOT, POOL, SIZE, HOLDER] = [0, 1, 4096, randomUUID()];
const PATH = [ROOT, gid];
const { rows: users } = await pool.query<{ uuid: string }>('select uuid from users where id = 0');
const creator = users[0]?.uuid;

async function transaction(work: (on: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function admitted(on: PoolClient, permission: string): Promise<void> {
  await on.query('select id, parent_id, name, path from groups where id = $1 for key share', [gid]);
  await on.query(
    'select 1 from grants where user_id = $1 and permission = $2 and group_id = any($3::bigint[]) limit 1',
    [0, permission, PATH],
  );
  await on.query('select pool_id, can_write, can_manage from assignments where group_id = $1 and pool_id = $2', [
    gid,
    POOL,
  ]);
}

async function create(id: string): Promise<void> {
  await transaction(async (on) => {
    await admitted(on, 'velocity.media.create');
    await on.query(
      `with blob as (insert into blobs (id, pool_id) values ($1, $2) returning id)
       insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, lease_holder, lease_until)
       select $1, $2, $3, blob.id, $4, 'DISK', $5, false, 'creating', $6, $7, clock_timestamp() + make_interval(secs => 15) from blob`,
      [id, POOL, gid, `bare ${id}`, SIZE, creator, HOLDER],
    );
    for (const level of PATH.toReversed()) {
      await on.query(
        `insert into usage (group_id, pool_id, used) values ($1, $2, $3)
         on conflict (group_id, pool_id) do update set used = usage.used + excluded.used
         where excluded.used = 0 or usage.used + excluded.used <= coalesce(nullif(usage.quota, 0), $4)`,
        [level, POOL, SIZE, Number.MAX_SAFE_INTEGER],
      );
    }
    await on.query(
      `update pools set used = used + $1::bigint where id = $2 and ($1::bigint = 0 or used + $1::bigint <= coalesce(capacity, $3))`,
      [SIZE, POOL, Number.MAX_SAFE_INTEGER],
    );
  });
  await transaction(async (on) => {
    await on.query(
      `with finished as (
         update media set state = 'ready', lease_holder = null, lease_until = null, format = 'raw', virtual_size = $1, label = null
         where id = $2 and lease_holder = $3 and state in ('creating', 'uploading', 'cloning') returning blob_id
       )
       update blobs set stored_bytes = 0, sha256 = null, fingerprint = 'bare' from finished where blobs.id = finished.blob_id`,
      [SIZE, id, HOLDER],
    );
  });
}

async function remove(id: string): Promise<void> {
  await transaction(async (on) => {
    await on.query('select * from media where id = $1', [id]);
    await admitted(on, 'velocity.media.remove');
    await on.query('select * from media where id = $1 for update', [id]);
    await on.query('select from library_drives where media_id = $1', [id]);
    await on.query('select distinct server_id from attachments where media_id = $1', [id]);
    await on.query(`update media set state = 'removing', group_id = null where id = $1`, [id]);
    await on.query('delete from attachments where media_id = $1', [id]);
    for (const level of PATH.toReversed()) {
      await on.query('update usage set used = used - $1::bigint where group_id = $2 and pool_id = $3', [
        SIZE,
        level,
        POOL,
      ]);
    }
  });
  await transaction(async (on) => {
    await on.query('select * from media where id = $1', [id]);
  });
  await transaction(async (on) => {
    await on.query(
      `select blob_id from media join blobs on blobs.id = blob_id where media.id = $1 and state = 'removing' for update of blobs`,
      [id],
    );
    await on.query(
      `select exists (select from media where blob_id = $1 and id <> $1) as owned, exists (select from jobs where source_blob = $1) as read`,
      [id],
    );
  });
  await transaction(async (on) => {
    const gone = await on.query(
      `delete from media where id = $1 and state = 'removing' returning pool_id, size, blob_id`,
      [id],
    );
    // The sweeper of Platter on the same database may have purged it already.
    if (gone.rowCount === 0) return;
    await on.query('delete from blobs where id = $1 and not exists (select from media where blob_id = blobs.id)', [id]);
    await on.query('update pools set used = used - $1::bigint where id = $2', [SIZE, POOL]);
  });
}

const begun = performance.now();
let cycles = 0;
await Promise.all(
  Array.from({ length: clients }, async () => {
    while (performance.now() - begun < seconds * 1000) {
      const id = randomUUID();
      await create(id);
      await remove(id);
      cycles += 1;
    }
  }),
);
const took = (performance.now() - begun) / 1000;
await pool.end();
process.stdout.write(`${JSON.stringify({ cycles, seconds: took })}\n`);
