import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../support/http/client.ts';
import type { PoolFixture } from '../support/fixtures/pool-fixture.ts';
import { DOCUMENTED, DOCUMENTED_ON_DRIVES, isAmong, isAmongTypes } from './documented-errors.ts';
import { POOLS, type Scenario } from './scenarios.ts';
import { isCut } from './run-scenario.ts';
import type { Records } from './records.ts';
import type { Replicas } from './replicas.ts';
import type { Outcome, ExpectedMedia, ExpectedState } from './expected-state.ts';
import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';

/**
 * The failures that a clone job may end with: its user lost a right, or its source or target was
 * deleted.
 */
const EXPECTED_CLONE_FAILURES = ['permission-missing', 'not-manager', 'group-not-found', 'media-not-found'];

/**
 * Fails unless every answer is documented for its call. A client that hung up may have no answer,
 * but never a success.
 */
export function expectDocumentedAnswers(outcomes: readonly Outcome[]): void {
  expect(outcomes.filter((outcome) => !isExpected(outcome))).toEqual([]);
}

function isExpected({ action, operation, answer }: Outcome): boolean {
  if (answer === null) return isCut(action);
  const types = DOCUMENTED_ON_DRIVES[operation];
  if (types !== undefined) return isAmongTypes(types, answer);
  return isAmong(DOCUMENTED[operation]!, answer) && !(answer.status === 200 && isCut(action));
}

/**
 * Fails unless the database and the pools hold exactly the expected items, byte by byte, and no
 * charge passed a limit.
 */
export async function expectState({ records, poolFixtures }: Replicas, expected: ExpectedState): Promise<void> {
  expect(await records.rows('select * from audit')).toEqual([]);
  expect(await records.rows('select * from usage_drift')).toEqual([]);

  const failed = await clonesThatFailed(records);
  const promised = new Map(
    [...expected.media()].filter(([mid]) => !failed.has(mid)).sort(([left], [right]) => (left < right ? -1 : 1)),
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
  // A blob without uploaded bytes needs no object.
  const objects = rows.filter(
    ({ pool_id, sha256 }) => poolFixtures.get(Number(pool_id))!.folder !== null || sha256 !== null,
  );
  expect(await storedIn(poolFixtures)).toEqual(objects.map(({ id }) => id));

  const groups = await records.rows('select id from groups where id <> 0 order by id');
  expect(groups.map(({ id }) => Number(id))).toEqual([...expected.groups()].sort((left, right) => left - right));
}

/** Returns the clones whose job failed. Fails while a job still runs. */
async function clonesThatFailed(records: Records): Promise<ReadonlySet<string>> {
  const jobs = await records.rows(`select target_media, state, failure from jobs where state <> 'success'`);
  expect(
    jobs.filter(({ state, failure }) => state === 'started' || !EXPECTED_CLONE_FAILURES.includes(String(failure))),
  ).toEqual([]);
  return new Set(jobs.map(({ target_media }) => String(target_media)));
}

/**
 * Fails unless the item has an expected size and its bytes, followed by zeros. An item that shares
 * its blob may be longer.
 */
async function expectBytes(
  { id, blob_id, size: found, readonly: readOnly }: Record<string, unknown>,
  { content, sizes }: ExpectedMedia,
  poolFixture: PoolFixture,
): Promise<void> {
  const size = Number(found);
  // A blob with bytes never shrinks.
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

/** Returns the names of everything in the pools except the markers. */
async function storedIn(poolFixtures: ReadonlyMap<number, PoolFixture>): Promise<readonly string[]> {
  const names = [];
  for (const poolFixture of poolFixtures.values()) names.push(...(await poolFixture.stored()).map(([name]) => name));
  return names.sort();
}

/**
 * Resolves once `expectations` hold; rejects with their error after `STUCK_AFTER_MS`. A client may
 * have hung up before Platter read its request, which is then admitted and cancelled meanwhile.
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
   * What a charge may add before it passes a limit of the group, of a group above it or of the
   * pool. Negative after a limit was lowered.
   */
  readonly headroom: number;
}

/**
 * Fails unless a group without headroom may create only empty items, and the measured group can use
 * exactly its headroom.
 */
export async function expectExactLimits(
  { records }: Replicas,
  root: Client,
  expected: ExpectedState,
  scenario: Scenario,
): Promise<void> {
  const measured = expected.gid(scenario.measured);
  const all = await limitsOf(records);
  await Promise.all(all.filter(({ headroom }) => headroom <= 0).map(async (limits) => expectFull(root, limits)));
  for (const limits of all) {
    if (limits.headroom > 0 && limits.gid === measured) await expectHeadroom(root, limits);
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

/** Creates items of these sizes one after the other, deletes them all and returns the statuses. */
async function tryToCreate(root: Client, { gid, mpid, quota }: Limits, sizes: readonly number[]): Promise<number[]> {
  // Grants write and manage, and leaves the quota as it is.
  await root.ask('PUT /m/pool/assign', { gid, mpid, quota, write: true, manage: true });
  const answers = [];
  for (const [index, size] of sizes.entries()) {
    const order = { gid, mpid, name: `measure ${gid} ${index}`, size };
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

async function expectHeadroom(root: Client, limits: Limits): Promise<void> {
  const { headroom } = limits;
  expect(await tryToCreate(root, limits, [headroom + 1, headroom, 1])).toEqual([406, 200, 406]);
}

/** Deletes everything that a scenario left, and fails unless nothing remains. */
export async function deleteEverything({ records, poolFixtures }: Replicas, root: Client): Promise<void> {
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
