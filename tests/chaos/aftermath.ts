import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../support/client.ts';
import { filesIn } from '../support/platter-checks.ts';
import { DOCUMENTED, isAmong } from './documented.ts';
import { POOLS, type Play } from './moves.ts';
import { isCut } from './perform.ts';
import type { Records } from './records.ts';
import type { Replicas } from './replicas.ts';
import { sha256Of, type Outcome, type Stage } from './stage.ts';

/** What is on its way is gone by then. Milliseconds. */
const PATIENCE = 10_000;

/** Fails unless everybody got an answer that the document has for the call; whoever hung up may have got none, but no success. */
export function expectDocumentedAnswers(outcomes: readonly Outcome[]): void {
  expect(outcomes.filter((outcome) => !isExpected(outcome))).toEqual([]);
}

function isExpected({ move, operation, answer }: Outcome): boolean {
  if (answer === null) return isCut(move);
  return isAmong(DOCUMENTED[operation]!, answer) && !(answer.status === 200 && isCut(move));
}

/** Fails unless exactly what was promised is there, byte by byte, and no charge ever passed a limit. */
export async function expectWhatWasPromised({ records, poolFolders }: Replicas, stage: Stage): Promise<void> {
  expect(await records.rows('select * from audit')).toEqual([]);
  expect(await records.rows('select * from usage_drift')).toEqual([]);

  const promised = [...stage.media()].sort(([left], [right]) => (left < right ? -1 : 1));
  const media = await records.rows('select id, group_id, pool_id, blob_id, state from media order by id');
  expect(media.map(({ id, group_id, state }) => [id, Number(group_id), state])).toEqual(
    promised.map(([mid, { gid }]) => [mid, gid, 'ready']),
  );
  const expected = new Map(media.map(({ blob_id }, place) => [blob_id, promised[place]![1].sha256]));
  expect(new Map((await records.rows('select id from blobs')).map(({ id }) => [id, expected.get(id)]))).toEqual(
    expected,
  );
  expect(await contents(poolFolders)).toEqual(expected);

  const groups = await records.rows('select id from groups where id <> 0 order by id');
  expect(groups.map(({ id }) => Number(id))).toEqual([...stage.groups()].sort((left, right) => left - right));
}

/** The digests of all files in the pools' folders but the markers, by their names. */
async function contents(poolFolders: ReadonlyMap<number, string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of poolFolders.values()) {
    for (const [name] of await filesIn(folder)) found.set(name, sha256Of(await readFile(join(folder, name))));
  }
  return found;
}

/**
 * Resolves once `expectations` hold, and fails as they do where they never will. Whoever hung up may have done so before the request was even
 * looked at: it is admitted and given up while we look.
 */
export async function eventually(expectations: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PATIENCE;
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
  /** What a charge may add before it passes a limit of the group, one above it or the pool. Below zero where a limit was lowered. */
  readonly headroom: number;
}

/** Fails unless a group with nothing left takes nothing but nothing, and the measured one takes exactly what is left. */
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

/** The group gets the right to ask, and keeps its quota. */
async function create(
  root: Client,
  { gid, mpid, quota }: Limits,
  size: number,
  name = `measure ${gid}`,
): Promise<{ status: number; mid: string }> {
  await root.ask('PUT /m/pool/assign', { gid, mpid, quota, write: true, manage: true });
  const { status, body } = await root.call('PUT /m/media/create', { gid, mpid, name, size });
  return { status, mid: status === 200 ? (body as { mid: string }).mid : '' };
}

async function expectFull(root: Client, limits: Limits): Promise<void> {
  expect(await create(root, limits, 1)).toEqual({ status: 406, mid: '' });
  const nothing = await create(root, limits, 0);
  expect(nothing.status).toBe(200);
  await root.ask('DELETE /m/media', { mid: nothing.mid });
}

async function expectRoomFor(root: Client, limits: Limits): Promise<void> {
  expect(await create(root, limits, limits.headroom + 1)).toEqual({ status: 406, mid: '' });
  const filled = await create(root, limits, limits.headroom);
  expect(filled.status).toBe(200);
  const nothing = await create(root, limits, 1, 'measure again');
  expect(nothing.status).toBe(406);
  await root.ask('DELETE /m/media', { mid: filled.mid });
}

/** Takes away everything that a play left, and fails unless that leaves nothing. */
export async function clear({ records, poolFolders }: Replicas, root: Client): Promise<void> {
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
    expect(await contents(poolFolders)).toEqual(new Map());
  });
}
