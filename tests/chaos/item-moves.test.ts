import { NodeRandom } from '../../src/adapters/random/node-random.ts';
import { RemoveGroup } from '../../src/application/access/remove-group.ts';
import { EditItem, type ItemChanges } from '../../src/application/drives/edit-item.ts';
import { UpdateDrive } from '../../src/application/drives/update-drive.ts';
import { DeleteMedia } from '../../src/application/trash/delete-media.ts';
import { EmptyTrash } from '../../src/application/trash/empty-trash.ts';
import type { Group } from '../../src/domain/access/group.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { GroupId, MediaId } from '../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../support/fixtures/clone-fixture.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../support/fixtures/depot-fixture.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { startReplica, type Replica } from '../support/program/replica.ts';
import { times, timeoutMs } from './repetitions.ts';

const CONTENT = patterned(5000);
const ROUNDS = times('PLATTER_MOVE_ROUNDS', 1, 100);
/** The answers that a race may have; every other failure is a fault. */
const REFUSALS = [
  'media-not-found',
  'media-busy',
  'quota-exceeded',
  'group-not-found',
  'not-manager',
  'permission-missing',
  'media-name-taken',
];
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const removals = { wake: () => undefined };
const workers = { wake: () => undefined };

describe('Moves of items under races', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let jobs: CloneFixture;
  let side: Group;
  beforeAll(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    jobs = openCloneFixture(fixture);
    side = await addGroup('side');
    await fixture.depot.work.run(async (tx) => {
      for (const pool of [ONE, TWO]) await tx.assignments.store(fixture.top.id, pool, { write: true, manage: true });
    });
  });
  afterAll(async () => fixture.close());

  async function addGroup(name: string): Promise<Group> {
    return fixture.depot.work.run(async (tx) => {
      const group = await tx.groups.insert(fixture.top, name);
      for (const pool of [ONE, TWO]) await tx.assignments.store(group.id, pool, { write: true, manage: true });
      return group;
    });
  }

  async function upload(readOnly: boolean): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length), readOnly, type: readOnly ? 'ISO' : 'DISK' };
    return replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  }

  const edit = (id: MediaId, changes: ItemChanges) => async () => {
    const { work, stores, pools, root } = fixture;
    const random = new NodeRandom();
    const updateDrive = new UpdateDrive({ work, stores, pools, resize: replica.resize, random, workers });
    await new EditItem({ work, stores, pools, random, workers, updateDrive }).run(root, id, changes, null);
  };
  const remove = (id: MediaId) => async () => replica.remove.run(fixture.root, id);
  const trash = (id: MediaId) => async () => {
    const deletion = new DeleteMedia({ work: fixture.work, purge: replica.purge, removals, log: quiet, trashDays: 7 });
    await deletion.run(fixture.root, id, { permanent: false, dryRun: false });
  };
  const clone = (id: MediaId) => async () => jobs.clone.run(fixture.root, id, {});
  const runJobs = async (): Promise<void> => {
    await jobs.jobs.run();
    await jobs.jobs.idle();
  };
  const setQuota = (group: GroupId, quota: number) => async () => fixture.setQuota(group, bytes(quota));

  /** Runs all at once, and fails for unexpected failures and wrong charges. */
  async function race(...runs: readonly (() => Promise<unknown>)[]): Promise<void> {
    const results = await Promise.allSettled(runs.map(async (run) => run()));
    for (const result of results) {
      if (result.status === 'rejected') expect(REFUSALS).toContain((result.reason as { code?: string }).code);
    }
    await expectNoDrift(fixture.depot.url);
  }

  /** Expects the item once, with its bytes, or not at all; then deletes it, and expects nothing. */
  async function expectOnce(id: MediaId): Promise<void> {
    await jobs.finishJobs();
    await expectNoDrift(fixture.depot.url);
    const rows = await fixture.depot.rows(
      `select pool_id::int as pool, blob_id, state from media where id = '${id}' and state in ('ready', 'trashed')`,
    );
    const [row] = rows;
    if (row !== undefined) {
      const pool = row.pool === ONE ? ONE : TWO;
      expect((await fixture.content(String(row.blob_id), pool)).subarray(0, CONTENT.length).equals(CONTENT)).toBe(true);
      await (row.state === 'trashed'
        ? new EmptyTrash({ work: fixture.work, pools: fixture.pools, removals }).one(fixture.root, id, false)
        : remove(id)());
    }
    const clones = await fixture.depot.rows(`select id from media where state = 'ready'`);
    for (const { id: other } of clones) await remove(other as MediaId)();
    await replica.sweep.run();
    await fixture.expectNothing();
  }

  const OPPONENTS: readonly ((id: MediaId) => () => Promise<unknown>)[] = [
    remove,
    trash,
    clone,
    (id) => edit(id, { group: fixture.top.id }),
    (id) => edit(id, { pool: TWO }),
    (id) => edit(id, { name: `renamed ${id}`, description: 'x' }),
    (id) => edit(id, { size: bytes(9000) }),
    (id) => edit(id, { readOnly: true }),
    () => setQuota(side.id, CONTENT.length - 1),
  ];

  it.each([
    ['group', { group: () => side.id }],
    ['pool', { pool: TWO }],
    ['group and pool', { group: () => side.id, pool: TWO }],
  ] as const)(
    'leave the item once in another %s, or where it was, with exact charges',
    async (_to, { group, pool }: { readonly group?: () => GroupId; readonly pool?: typeof TWO }) => {
      for (let round = 0; round < ROUNDS * OPPONENTS.length; round += 1) {
        const opponent = OPPONENTS[round % OPPONENTS.length]!;
        const id = await upload(round % 3 === 0);
        const move = edit(id, { group: group?.(), pool });
        await race(...(round % 2 === 0 ? [move, opponent(id), runJobs] : [opponent(id), move, runJobs]));
        await race(opponent(id), runJobs);
        await expectOnce(id);
        await fixture.setQuota(side.id, null);
      }
    },
    timeoutMs(ROUNDS),
  );

  it(
    'against the removal of its new group, the item is there or gone with it',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const id = await upload(true);
        const target = await addGroup(`target ${round}`);
        const removeGroup = async (): Promise<void> =>
          new RemoveGroup(fixture.work, removals).run(fixture.root, target.id);
        const change = round % 2 === 0 ? { group: target.id } : { group: target.id, pool: TWO };
        await race(edit(id, change), removeGroup, runJobs);
        await expectOnce(id);
      }
    },
    timeoutMs(ROUNDS),
  );
});
