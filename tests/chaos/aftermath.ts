import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../support/http/client.ts';
import type { PoolFixture } from '../support/fixtures/pool-fixture.ts';
import { DOCUMENTED, DOCUMENTED_ON_DRIVES, isAmong, isAmongTypes } from './documented.ts';
import { POOLS, type Play } from './moves.ts';
import { isCut } from './perform.ts';
import type { Records } from './records.ts';
import type { Replicas } from './replicas.ts';
import type { Outcome, Promised, Stage } from './stage.ts';
import { STUCK_AFTER_MS } from '../support/waiting/patience.ts';

/**
 * Why a clone may come to nothing: who asked for it lost the right to it, or it is not wanted any
 * more.
 */
const FORGIVEN = ['permission-missing', 'not-manager', 'group-not-found', 'media-not-found'];

/**
 * Fails unless everybody got an answer that the document has for the call; whoever hung up may have
 * got none, but no success.
 */
export function expectDocumentedAnswers(outcomes: readonly Outcome[]): void {
  expect(outcomes.filter((outcome) => !isExpected(outcome))).toEqual([]);
}

function isExpected({ move, operation, answer }: Outcome): boolean {
  if (answer === null) return isCut(move);
  const types = DOCUMENTED_ON_DRIVES[operation];
  if (types !== undefined) return isAmongTypes(types, answer);
  return isAmong(DOCUMENTED[operation]!, answer) && !(answer.status === 200 && isCut(move));
}

/**
 * Fails unless exactly what was promised is there, byte by byte, and no charge ever passed a limit.
 */
export async function expectWhatWasPromised({ records, poolFixtures }: Replicas, stage: Stage): Promise<void> {
  expect(await records.rows('select * from audit')).toEqual([]);
  expect(await records.rows('select * from usage_drift')).toEqual([]);

  const failed = await clonesThatFailed(records);
  const promised = new Map(
    [...stage.media()].filter(([mid]) => !failed.has(mid)).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  const media = await records.rows(
    'select id, group_id, pool_id, blob_id, state, size, readonly from media order by id',
  );
  expect(media.map(({ id, group_id, state }) => [id, Number(group_id), state])).toEqual(
    [...promised].map(([mid, { gid }]) => [mid, gid, 'ready']),
  );
  for (const row of media)
    await expectBytes(row, promised.get(String(row.id))!, poolFixtures.get(Number(row.pool_id))!);
  const blobs = [...new Set(media.map(({ blob_id }) => String(blob_id)))].sort();
  const rows = await records.rows('select id, pool_id, sha256 from blobs order by id');
  expect(rows.map(({ id }) => id)).toEqual(blobs);
  // Zeros that nobody uploaded need no object.
  const objects = rows.filter(
    ({ pool_id, sha256 }) => poolFixtures.get(Number(pool_id))!.folder !== null || sha256 !== null,
  );
  expect(await storedIn(poolFixtures)).toEqual(objects.map(({ id }) => id));

  const groups = await records.rows('select id from groups where id <> 0 order by id');
  expect(groups.map(({ id }) => Number(id))).toEqual([...stage.groups()].sort((left, right) => left - right));
}

/** The clones whose job failed, once all jobs have ended. They have to be gone. */
async function clonesThatFailed(records: Records): Promise<ReadonlySet<string>> {
  const jobs = await records.rows(`select target_media, state, failure from jobs where state <> 'success'`);
  expect(jobs.filter(({ state, failure }) => state === 'started' || !FORGIVEN.includes(String(failure)))).toEqual([]);
  return new Set(jobs.map(({ target_media }) => String(target_media)));
}

/**
 * Fails unless media have a size that they were promised to have, and their bytes, with zeros
 * behind. Those that share their bytes may be longer.
 */
async function expectBytes(
  { id, blob_id, size: found, readonly: readOnly }: Record<string, unknown>,
  { content, sizes }: Promised,
  poolFixture: PoolFixture,
): Promise<void> {
  const size = Number(found);
  // What holds bytes only ever grows.
  expect([id, size]).toEqual([id, content.length > 0 ? Math.max(...sizes) : sizes.find((one) => one === size)]);
  if (poolFixture.folder === null && content.length === 0) return;
  const bytes = await poolFixture.bytes(String(blob_id));
  if (readOnly !== true && poolFixture.folder !== null) expect([id, bytes.length]).toEqual([id, size]);
  expect([id, bytes.length <= size]).toEqual([id, true]);
  const tail = bytes.subarray(content.length);
  expect([id, bytes.subarray(0, content.length).equals(content) && tail.equals(Buffer.alloc(tail.length))]).toEqual([
    id,
    true,
  ]);
}

/** The names of all that lies in the pools but the markers. */
async function storedIn(poolFixtures: ReadonlyMap<number, PoolFixture>): Promise<readonly string[]> {
  const names = [];
  for (const poolFixture of poolFixtures.values()) names.push(...(await poolFixture.stored()).map(([name]) => name));
  return names.sort();
}

/**
 * Resolves once `expectations` hold, and fails as they do where they never will. Whoever hung up
 * may have done so before the request was even looked at: it is admitted and given up while we
 * look.
 */
export async function eventually(expectations: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + STUCK_AFTER_MS;
  for (;;) {
    try {
      await expectations();
      return;
    } catch (fault) {
      if (performance.now() > deadline) throw fault;
      await delay(20);
    }
  }
}

interface Limits {
  readonly gid: number;
  readonly mpid: number;
  readonly quota: number;
  /**
   * What a charge may add before it passes a limit of the group, one above it or the pool. Below
   * zero where a limit was lowered.
   */
  readonly headroom: number;
}

/**
 * Fails unless a group with nothing left takes nothing but nothing, and the measured one takes
 * exactly what is left.
 */
export async function expectExactLimits({ records }: Replicas, root: Client, stage: Stage, play: Play): Promise<void> {
  const measured = stage.gid(play.measured);
  const all = await limitsOf(records);
  await Promise.all(all.filter(({ headroom }) => headroom <= 0).map(async (limits) => expectFull(root, limits)));
  for (const limits of all) {
    if (limits.headroom > 0 && limits.gid === measured) await expectRoomFor(root, limits);
  }
}

async function limitsOf(records: Records): Promise<readonly Limits[]> {
  const rows = await records.rows(
    `select member.id as gid, pools.id as mpid, coalesce(own.quota, 0) as quota,
       least(
         min(case when level.quota > 0 then level.quota - level.used end),
         pools.capacity - pools.used
       ) as headroom
     from groups as member
     cross join pools
     join usage as level on level.group_id = any(member.path) and level.pool_id = pools.id
     left join usage as own on own.group_id = member.id and own.pool_id = pools.id
     group by member.id, pools.id, own.quota
     order by member.id, pools.id`,
  );
  return rows
    .filter(({ headroom }) => headroom !== null)
    .map(({ gid, mpid, quota, headroom }) => ({
      gid: Number(gid),
      mpid: Number(mpid),
      quota: Number(quota),
      headroom: Number(headroom),
    }));
}

/**
 * What a group is answered that asks for something of these sizes, one after the other, all of
 * which it has until the last one is answered.
 */
async function tryToCreate(root: Client, { gid, mpid, quota }: Limits, sizes: readonly number[]): Promise<number[]> {
  // It gets the right to ask, and keeps its quota.
  await root.ask('PUT /m/pool/assign', { gid, mpid, quota, write: true, manage: true });
  const answers = [];
  for (const [location, size] of sizes.entries()) {
    const order = { gid, mpid, name: `measure ${gid} ${location}`, size };
    answers.push(await root.call('PUT /m/media/create', order));
  }
  for (const { status, body } of answers) {
    if (status === 200) await root.ask('DELETE /m/media', { mid: (body as { mid: string }).mid });
  }
  return answers.map(({ status }) => status);
}

async function expectFull(root: Client, limits: Limits): Promise<void> {
  expect(await tryToCreate(root, limits, [1, 0])).toEqual([406, 200]);
}

async function expectRoomFor(root: Client, limits: Limits): Promise<void> {
  const { headroom } = limits;
  expect(await tryToCreate(root, limits, [headroom + 1, headroom, 1])).toEqual([406, 200, 406]);
}

/** Takes away everything that a play left, and fails unless that leaves nothing. */
export async function clear({ records, poolFixtures }: Replicas, root: Client): Promise<void> {
  const groups = await records.rows('select id from groups where parent_id = 0 and id <> 0');
  const media = await records.rows(`select id from media where group_id = 0 and state = 'ready'`);
  await Promise.all([
    ...groups.map(async ({ id }) => root.ask('DELETE /u/group', { gid: Number(id) })),
    ...media.map(async ({ id }) => root.ask('DELETE /m/media', { mid: id })),
    ...POOLS.map(async ({ mpid }) =>
      root.ask('PUT /m/pool/assign', { gid: 0, mpid, quota: 0, write: true, manage: true }),
    ),
  ]);
  await eventually(async () => {
    expect(await records.rows('select id, state from media')).toEqual([]);
    expect(await records.rows('select id from blobs')).toEqual([]);
    expect(await records.rows('select group_id, pool_id, used from usage where used <> 0')).toEqual([]);
    expect(await records.rows('select id, used from pools where used <> 0')).toEqual([]);
    expect(await storedIn(poolFixtures)).toEqual([]);
  });
}
