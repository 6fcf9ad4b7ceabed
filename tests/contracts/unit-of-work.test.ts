import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Group } from '../../src/domain/access/group.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { makeGroups } from '../support/fixtures/users.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('UnitOfWork in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => (depot = await open()));
  afterEach(async () => depot.close());

  async function userNames(): Promise<readonly string[]> {
    return depot.work.run(async (tx) => (await tx.users.list()).items.map(({ name }) => name));
  }

  it('resolves with the result of the work, after a commit', async () => {
    const answer = await depot.work.run(async (tx) => {
      await tx.users.insert('ann', 'hash');
      await tx.users.insert('bob', 'hash');
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await userNames()).toEqual(['ann', 'bob']);
  });

  it('rejects with the error of the work, after a rollback', async () => {
    const error = new Error('no more');
    const failing = depot.work.run(async (tx) => {
      await tx.users.insert('ann', 'hash');
      throw error;
    });
    await expect(failing).rejects.toBe(error);
    expect(await userNames()).toEqual([]);
  });

  it('rejects if the work caught an error of the database, since all of it was rolled back', async () => {
    await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    const swallowing = depot.work.run(async (tx) => {
      await tx.users.insert('bob', 'hash');
      await tx.users.insert('ann', 'hash').catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'user-name-taken' });
    expect(await userNames()).toEqual(['ann']);
  });

  it('commits a lone statement, and refuses a second one', async () => {
    await depot.work.runStatement(async (tx) => tx.users.insert('ann', 'hash'));
    const second = depot.work.runStatement(async (tx) => {
      await tx.users.insert('bob', 'hash');
      await tx.users.insert('cat', 'hash');
    });
    await expect(second).rejects.toThrow('needs a transaction');
    expect(await userNames()).toEqual(['ann', 'bob']);
    const again = depot.work.runStatement(async (tx) => tx.users.insert('ann', 'hash'));
    await expect(again).rejects.toMatchObject({ code: 'user-name-taken' });
  });

  it('rolls back the lone statement of a caller that rehearses', async () => {
    const ann = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    const caller = { ...ann, rehearses: true };
    await depot.work.onBehalfOf(caller).runStatement(async (tx) => tx.users.insert('bob', 'hash'));
    expect(await userNames()).toEqual(['ann']);
    await depot.work.onBehalfOf(ann).runStatement(async (tx) => tx.users.insert('bob', 'hash'));
    expect(await userNames()).toEqual(['ann', 'bob']);
  });

  it('reads without a transaction what is committed when each query starts', async () => {
    const names = await depot.work.read(async (tx) => {
      const before = (await tx.users.list()).items;
      await depot.work.run(async (other) => other.users.insert('ann', 'hash'));
      return [before, (await tx.users.list()).items].map((users) => users.map(({ name }) => name));
    });
    expect(names).toEqual([[], ['ann']]);
  });

  it('refuses changes and locks in a read', async () => {
    const { id } = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    const changing: ((tx: Transaction) => Promise<unknown>)[] = [
      async (tx) => tx.users.insert('bob', 'hash'),
      async (tx) => tx.users.remove(id),
      async (tx) => tx.users.changePassword(id, 'other'),
      async (tx) => tx.users.lock(id),
      async (tx) => tx.users.lockShared(id),
    ];
    for (const change of changing) await expect(depot.work.read(change)).rejects.toThrow('needs a transaction');
    expect(await userNames()).toEqual(['ann']);
  });

  it('rejects with the error of the read', async () => {
    const error = new Error('no more');
    await expect(depot.work.read(async () => Promise.reject(error))).rejects.toBe(error);
  });

  it('isolates uncommitted changes, and shows committed ones', async () => {
    const inserted = gate();
    const go = gate();
    const inserting = depot.work.run(async (tx) => {
      await tx.users.insert('ann', 'hash');
      expect((await tx.users.list()).items).toHaveLength(1);
      inserted.open();
      await go.opened;
    });
    await inserted.opened;
    expect(await userNames()).toEqual([]);
    // READ COMMITTED: a transaction sees what others commit meanwhile.
    await depot.work.run(async (tx) => {
      expect((await tx.users.list()).items).toEqual([]);
      go.open();
      await inserting;
      expect((await tx.users.list()).items).toHaveLength(1);
    });
  });

  it('runs the work again after a deadlock, until it commits', async () => {
    const [one, two] = await depot.work.run(async (tx) => [
      (await tx.users.insert('one', 'hash')).id,
      (await tx.users.insert('two', 'hash')).id,
    ]);
    let runs = 0;
    const both = gate();
    let holding = 0;
    async function crossing(tx: Transaction, first: typeof one, second: typeof one): Promise<void> {
      runs += 1;
      await tx.users.lock(first);
      holding += 1;
      if (holding === 2) both.open();
      await both.opened;
      await tx.users.lock(second);
      await tx.users.changePassword(second, `changed after ${first}`);
    }
    await Promise.all([
      depot.work.run(async (tx) => crossing(tx, one, two)),
      depot.work.run(async (tx) => crossing(tx, two, one)),
    ]);
    // On a busy machine the repeated run may deadlock again.
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(await depot.knex('users').orderBy('id').pluck('password_hash')).toEqual([
      `changed after ${two}`,
      `changed after ${one}`,
    ]);
  });

  describe('with statements that are not awaited', () => {
    const POOL = 1 as PoolId;
    let levels: readonly [GroupId, GroupId];
    beforeEach(async () => {
      const [one, two] = (await makeGroups(depot, 'one', 'two')) as [Group, Group];
      levels = [one.id, two.id];
      await depot.work.run(async (tx) => {
        await tx.pools.store({ id: POOL, name: 'pool', capacity: null, storageType: 'local', isDefault: true });
        for (const level of levels) await tx.usage.setQuota(level, POOL, bytes(9));
      });
    });

    it('rejects with their error, after a rollback', async () => {
      const giving = depot.work.run(async (tx) => {
        await tx.users.insert('ann', 'hash');
        await tx.usage.refund([levels[0]], POOL, bytes(1));
      });
      await expect(giving).rejects.toMatchObject({ code: '23514' });
      const asking = depot.work.run(async (tx) => {
        await tx.users.insert('ann', 'hash');
        await tx.usage.refund([levels[0]], POOL, bytes(1));
        await tx.users.list();
      });
      await expect(asking).rejects.toMatchObject({ code: '23514' });
      expect(await userNames()).toEqual([]);
    });

    it('runs the work again after a deadlock in them, until it commits', async () => {
      const both = gate();
      let [runs, holding] = [0, 0];
      async function crossing(tx: Transaction, name: string, first: GroupId, second: GroupId): Promise<void> {
        runs += 1;
        await tx.users.insert(name, 'hash');
        await tx.usage.setQuota(first, POOL, bytes(8));
        holding += 1;
        if (holding === 2) both.open();
        await both.opened;
        await tx.usage.refund([second], POOL, bytes(0));
      }
      const [one, two] = levels;
      await Promise.all([
        depot.work.run(async (tx) => crossing(tx, 'ann', one, two)),
        depot.work.run(async (tx) => crossing(tx, 'bob', two, one)),
      ]);
      expect(runs).toBeGreaterThanOrEqual(3);
      expect((await userNames()).toSorted()).toEqual(['ann', 'bob']);
    });
  });

  it('runs the work again after a serialization failure, up to a limit', async () => {
    let runs = 0;
    const failure = Object.assign(new Error('could not serialize'), { code: '40001' });
    const third = depot.work.run(async (tx) => {
      runs += 1;
      await tx.users.insert(`run ${runs}`, 'hash');
      if (runs < 3) throw failure;
    });
    await third;
    expect(await userNames()).toEqual(['run 3']);

    const never = depot.work.run(async () => {
      runs += 1;
      return Promise.reject(failure);
    });
    await expect(never).rejects.toMatchObject({ code: 'unavailable' });
    expect(runs).toBeLessThan(20);
  });

  it('runs the work once if it fails otherwise', async () => {
    await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    let runs = 0;
    const taken = depot.work.run(async (tx) => {
      runs += 1;
      await tx.users.insert('ann', 'hash');
    });
    await expect(taken).rejects.toMatchObject({ code: 'user-name-taken' });
    expect(runs).toBe(1);
  });

  it('passes unknown errors on', async () => {
    const orphan = depot.work.run(async (tx) =>
      tx.grants.grant({ user: 9 as never, group: 9 as GroupId, permission: 'velocity.user.list' }),
    );
    await expect(orphan).rejects.toMatchObject({ code: '23503' });
  });

  it('excludes a removal and a shared lock of a group, in either order', async () => {
    const [group] = await makeGroups(depot, 'group');
    const kept = gate();
    const go = gate();
    const keeping = depot.work.run(async (tx) => {
      await tx.groups.lockShared(group!.id);
      kept.open();
      await go.opened;
    });
    await kept.opened;
    const removing = depot.work.run(async (tx) => tx.groups.remove(await tx.groups.lockTree(group!.id)));
    await untilBlocked(depot.url);
    go.open();
    await Promise.all([keeping, removing]);
    expect(await depot.work.run(async (tx) => tx.groups.lockShared(group!.id))).toBeNull();
  });
});
