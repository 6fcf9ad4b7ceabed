import { EmptyTrash } from '../../src/application/trash/empty-trash.ts';
import { DeleteMedia } from '../../src/application/trash/delete-media.ts';
import { ExpireTrash } from '../../src/application/trash/expire-trash.ts';
import { RestoreMedia } from '../../src/application/trash/restore-media.ts';
import { YieldingUnitOfWork } from '../../src/application/trash/yielding-unit-of-work.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import { NEVER } from '../support/files/byte-sources.ts';
import { openDepotFixture, orderOf, type DepotFixture } from '../support/fixtures/depot-fixture.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { startReplica } from '../support/program/replica.ts';
import { times, timeoutMs } from './repetitions.ts';

const SIZE = bytes(1000);
const ROUNDS = times('PLATTER_TRASH_ROUNDS', 15, 500);
const REFUSALS: readonly string[] = ['media-not-found', 'quota-exceeded'];
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const removals = { wake: () => undefined };

describe('The trash under races', () => {
  let fixture: DepotFixture;
  beforeEach(async () => (fixture = await openDepotFixture()));
  afterEach(async () => fixture.close());

  async function create(count: number): Promise<readonly MediaId[]> {
    const { create: creating } = startReplica(fixture);
    const made: MediaId[] = [];
    for (let at = 0; at < count; at += 1) made.push(await creating.run(fixture.root, orderOf(fixture, SIZE), NEVER));
    return made;
  }

  async function trash(id: MediaId): Promise<void> {
    const { work } = fixture;
    const deletion = new DeleteMedia({ work, purge: startReplica(fixture).purge, removals, log: quiet, trashDays: 7 });
    await deletion.run(fixture.root, id, { permanent: false, dryRun: false });
  }

  /** Runs all at once, fails for unexpected failures, and returns which succeeded. */
  async function race(...runs: readonly (() => Promise<unknown>)[]): Promise<readonly boolean[]> {
    const results = await Promise.allSettled(runs.map(async (run) => run()));
    for (const result of results) {
      if (result.status === 'rejected') expect(REFUSALS).toContain((result.reason as { code?: string }).code);
    }
    await expectNoDrift(fixture.depot.url);
    return results.map(({ status }) => status === 'fulfilled');
  }

  const restore = (id: MediaId) => async () => new RestoreMedia(fixture.work).run(fixture.root, id);
  const expire = async (): Promise<void> =>
    new ExpireTrash({ work: fixture.work, pools: fixture.pools, removals, trashDays: 0 }).run();

  it(
    'restores an item or deletes it, and charges it once or not at all',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [id] = (await create(1)) as [MediaId];
        await trash(id);
        const emptying = new EmptyTrash({ work: fixture.work, pools: fixture.pools, removals });
        const last = round % 2 === 0 ? expire : async () => emptying.one(fixture.root, id, false);
        const [isRestored] = await race(restore(id), last, async () => trash(id));
        const states = await fixture.states();
        expect(['ready', 'trashed', 'removing']).toContain(states.at(-1));
        if (isRestored !== true) expect(states.at(-1)).toBe('removing');
        await startReplica(fixture)
          .remove.run(fixture.root, id)
          .catch(() => undefined);
        await expire();
        await startReplica(fixture).sweep.run();
        await fixture.expectNothing();
      }
    },
    timeoutMs(ROUNDS),
  );

  it(
    'makes room for charges that both want the same items, while one of them is restored',
    async () => {
      await fixture.setQuota(fixture.group.id, bytes(2 * SIZE));
      for (let round = 0; round < ROUNDS; round += 1) {
        const [first, second] = (await create(2)) as [MediaId, MediaId];
        for (const id of [first, second]) await trash(id);
        const work = new YieldingUnitOfWork(fixture.work, removals);
        const replica = startReplica({ ...fixture, work });
        const charge = async (): Promise<unknown> => replica.create.run(fixture.root, orderOf(fixture, SIZE), NEVER);
        const runs = round % 2 === 0 ? [charge, charge] : [charge, restore(first), charge];
        const succeeded = await race(...runs);
        const states = await fixture.states();
        expect(await fixture.used()).toBeLessThanOrEqual(2 * SIZE);
        expect(states.filter((state) => state === 'ready')).toHaveLength(succeeded.filter(Boolean).length);
        if (round % 2 === 0) expect(succeeded).toEqual([true, true]);
        const ids = await fixture.depot.rows(`select id from media where state = 'ready'`);
        for (const { id } of ids) await replica.remove.run(fixture.root, id as MediaId);
        await expire();
        await replica.sweep.run();
        await fixture.expectNothing();
      }
    },
    timeoutMs(ROUNDS),
  );
});
