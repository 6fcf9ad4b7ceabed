import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import { charge } from '../../src/application/media/charge.ts';
import type { Group } from '../../src/domain/access/group.ts';
import { bytes, MAX_BYTES } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type PoolId } from '../../src/domain/shared/ids.ts';
import { levelOf, type Usage } from '../../src/application/ports/usage-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { recordQueries } from '../support/database/recorded-queries.ts';
import { makeGroups } from '../support/fixtures/users.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const [ONE, TWO] = [1, 2] as [PoolId, PoolId];

describe.each(UNITS_OF_WORK)('UsageRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let upper: Group;
  let lower: Group;
  beforeEach(async () => {
    depot = await open();
    [upper, lower] = (await makeGroups(depot, 'upper', 'lower')) as [Group, Group];
    await depot.work.run(async (tx) => {
      for (const id of [ONE, TWO]) {
        await tx.pools.store({ id, name: `pool ${id}`, capacity: null, storageType: 'local', isDefault: false });
      }
    });
  });
  afterEach(async () => depot.close());

  /** Runs work that belongs to no item, and rolls it back. */
  async function trying(work: (tx: Transaction) => Promise<void>, through = depot.work): Promise<void> {
    const undone = new Error('undone');
    await expect(
      through.run(async (tx) => {
        await work(tx);
        throw undone;
      }),
    ).rejects.toBe(undone);
  }

  it('locks all its rows before statements that follow it', async () => {
    const locked: string[] = [];
    const stop = recordQueries(depot.pool, ({ text }) =>
      locked.push(...(/\b(usage|pools)\b/.exec(text)?.slice(1, 2) ?? [])),
    );
    await trying(async (tx) => charge(tx, lower, ONE, bytes(1), 1));
    stop();
    expect(locked).toEqual(['usage', 'usage', 'pools']);
  });

  async function used(tx: Transaction, pool: PoolId): Promise<readonly number[]> {
    const rows = await tx.usage.ofPath(lower.path, pool);
    return lower.path.map((group) => rows.find((row) => row.group === group)?.used ?? 0);
  }

  it('has no rows before they are needed', async () => {
    await depot.work.run(async (tx) => {
      expect(await tx.usage.ofPath(lower.path, ONE)).toEqual([]);
      expect(await tx.usage.ofPathInAllPools(lower.path)).toEqual([]);
    });
  });

  it('charges the group and each of its ancestors on one pool, and refunds them', async () => {
    await trying(async (tx) => {
      expect(await tx.usage.charge(lower, ONE, bytes(5))).toBeNull();
      expect(await tx.usage.charge(upper, ONE, bytes(30))).toBeNull();
      expect(await used(tx, ONE)).toEqual([35, 35, 5]);
      expect(await used(tx, TWO)).toEqual([0, 0, 0]);
      await tx.usage.refund(lower.path, ONE, bytes(2));
      expect(await used(tx, ONE)).toEqual([33, 33, 3]);
    });
  });

  it.each(['root', 'upper', 'lower'])(
    'refuses by the limit of %s, assigned or not, and says how it stands',
    async (which) => {
      await trying(async (tx) => {
        const group = { root: ROOT_GROUP, upper: upper.id, lower: lower.id }[which]!;
        await tx.usage.setQuota(group, ONE, bytes(10));
        expect(await tx.usage.charge(lower, ONE, bytes(10))).toBeNull();
        expect(await tx.usage.charge(lower, TWO, bytes(11))).toBeNull();
        expect(await tx.usage.charge(lower, ONE, bytes(1))).toEqual({ kind: 'group', group, used: 10, limit: 10 });
      });
    },
  );

  it('also refuses the first charge of a group', async () => {
    await trying(async (tx) => {
      await tx.usage.setQuota(upper.id, ONE, bytes(10));
      expect(await tx.usage.charge(lower, ONE, bytes(11))).toEqual({
        kind: 'group',
        group: upper.id,
        used: 0,
        limit: 10,
      });
    });
  });

  it('never refuses 0 bytes, even above a lowered limit', async () => {
    await trying(async (tx) => {
      await tx.usage.charge(lower, ONE, bytes(10));
      await tx.usage.setQuota(lower.id, ONE, bytes(5));
      expect(await tx.usage.charge(lower, ONE, bytes(0))).toBeNull();
      expect(await tx.usage.charge(lower, ONE, bytes(1))).toEqual({
        kind: 'group',
        group: lower.id,
        used: 10,
        limit: 5,
      });
    });
  });

  it('has no limit with a quota of 0 or null', async () => {
    await trying(async (tx) => {
      await tx.usage.setQuota(lower.id, ONE, bytes(1));
      await tx.usage.setQuota(lower.id, ONE, bytes(0));
      expect(await tx.usage.charge(lower, ONE, bytes(10))).toBeNull();
      await tx.usage.setQuota(lower.id, ONE, bytes(1));
      await tx.usage.setQuota(lower.id, ONE, null);
      expect(await tx.usage.charge(lower, ONE, bytes(10))).toBeNull();
    });
  });

  it('never counts beyond 2^53−1, with or without a limit', async () => {
    await trying(async (tx) => {
      expect(await tx.usage.charge(lower, ONE, MAX_BYTES)).toBeNull();
      expect(await tx.usage.charge(lower, ONE, bytes(1))).toEqual({
        kind: 'group',
        group: lower.id,
        used: MAX_BYTES,
        limit: null,
      });
    });
  });

  describe('of items', () => {
    const TOO_MANY = { kind: 'items', max: 2 };
    let few: PostgresUnitOfWork;
    beforeEach(() => {
      few = new PostgresUnitOfWork(depot.pool, { maxItems: 2 });
    });

    /** The number of items on each level on pool ONE. */
    async function items(tx: Transaction): Promise<readonly number[]> {
      const rows = await tx.usage.ofPath(lower.path, ONE);
      return lower.path.map((group) => rows.find((row) => row.group === group)?.items ?? 0);
    }

    it('counts items of descendants, and checks each level except the root', async () => {
      await trying(async (tx) => {
        expect(await tx.usage.charge(lower, ONE, bytes(0), 1)).toBeNull();
        expect(await tx.usage.charge(upper, ONE, bytes(0), 1)).toBeNull();
        expect(await tx.usage.charge(upper, TWO, bytes(0), 1)).toBeNull();
        expect(await tx.usage.charge(lower, ONE, bytes(5))).toBeNull();
        expect(await items(tx)).toEqual([2, 2, 1]);
        expect(await tx.usage.charge(lower, ONE, bytes(0), 1)).toEqual(TOO_MANY);
      }, few);
      await trying(async (tx) => {
        const root = (await tx.groups.find(ROOT_GROUP))!;
        for (let made = 0; made < 3; made += 1) expect(await tx.usage.charge(root, ONE, bytes(0), 1)).toBeNull();
        expect(await tx.usage.charge(lower, ONE, bytes(0), 1)).toBeNull();
      }, few);
    });

    it('refunds items, even above the limit, and distinguishes refusals for bytes and for items', async () => {
      await trying(async (tx) => {
        for (let made = 0; made < 2; made += 1) expect(await tx.usage.charge(lower, ONE, bytes(4), 1)).toBeNull();
        await tx.usage.refund(lower.path, ONE, bytes(4), 1);
        expect(await items(tx)).toEqual([1, 1, 1]);
        await tx.usage.setQuota(lower.id, ONE, bytes(5));
        expect(await tx.usage.charge(lower, ONE, bytes(2), 1)).toEqual({
          kind: 'group',
          group: lower.id,
          used: 4,
          limit: 5,
        });
      }, few);
    });
  });

  describe('transfer', () => {
    let side: Group;
    beforeEach(async () => {
      side = await depot.work.run(async (tx) => tx.groups.insert(upper, 'side'));
    });

    async function counted(tx: Transaction): Promise<readonly (readonly [number, number])[]> {
      const levels = [ROOT_GROUP, upper.id, lower.id, side.id];
      const rows = await tx.usage.ofPath(levels, ONE);
      return levels.map((level) => {
        const row = rows.find(({ group }) => group === level);
        return [row?.used ?? 0, row?.items ?? 0] as const;
      });
    }

    it('counts levels of both paths once, whatever their limits', async () => {
      await trying(async (tx) => {
        await tx.usage.charge(lower, ONE, bytes(10), 1);
        await tx.usage.setQuota(upper.id, ONE, bytes(10));
        expect(await tx.usage.transfer(lower.path, side.path, ONE, bytes(10), 1)).toBeNull();
        expect(await counted(tx)).toEqual([
          [10, 1],
          [10, 1],
          [0, 0],
          [10, 1],
        ]);
      });
    });

    it.each(['down', 'up'])('moves a charge %s its own path', async (direction) => {
      await trying(async (tx) => {
        const [from, to] = direction === 'down' ? [upper, lower] : [lower, upper];
        await tx.usage.charge(from, ONE, bytes(10), 1);
        expect(await tx.usage.transfer(from.path, to.path, ONE, bytes(10), 1)).toBeNull();
        const below = direction === 'down' ? [10, 1] : [0, 0];
        expect(await counted(tx)).toEqual([[10, 1], [10, 1], below, [0, 0]]);
      });
    });

    it('refuses by the limit of a level that it enters', async () => {
      await trying(async (tx) => {
        await tx.usage.charge(lower, ONE, bytes(10), 1);
        await tx.usage.setQuota(side.id, ONE, bytes(9));
        const refusal = { kind: 'group', group: side.id, used: 0, limit: 9 };
        expect(await tx.usage.transfer(lower.path, side.path, ONE, bytes(10), 1)).toEqual(refusal);
      });
    });

    it('locks the rows of both paths in one order, so that opposite transfers wait for each other', async () => {
      await depot.work.run(async (tx) => {
        await tx.usage.charge(lower, ONE, bytes(10), 1);
        await tx.usage.charge(side, ONE, bytes(20), 1);
      });
      const [moved, go] = [gate(), gate()];
      const first = depot.work.run(async (tx) => {
        await tx.usage.transfer(lower.path, side.path, ONE, bytes(10), 1);
        moved.open();
        await go.opened;
      });
      await moved.opened;
      let tries = 0;
      const second = depot.work.run(async (tx) => {
        tries += 1;
        await tx.usage.transfer(side.path, lower.path, ONE, bytes(20), 1);
      });
      await untilBlocked(depot.url);
      go.open();
      await Promise.all([first, second]);
      expect(tries).toBe(1);
      await depot.work.run(async (tx) => {
        expect(await counted(tx)).toEqual([
          [30, 2],
          [30, 2],
          [20, 1],
          [10, 1],
        ]);
        await tx.usage.refund(lower.path, ONE, bytes(20), 1);
        await tx.usage.refund(side.path, ONE, bytes(10), 1);
      });
    });
  });

  it('refunds regardless of the limits', async () => {
    await trying(async (tx) => {
      await tx.usage.charge(lower, ONE, bytes(10));
      await tx.usage.setQuota(lower.id, ONE, bytes(1));
      await tx.usage.refund(lower.path, ONE, bytes(4));
      expect(await used(tx, ONE)).toEqual([6, 6, 6]);
    });
  });

  it('lists the rows of a path, on one pool or by ascending pool, with the quota as set', async () => {
    await trying(async (tx) => {
      await tx.usage.charge(upper, TWO, bytes(4));
      await tx.usage.setQuota(lower.id, ONE, bytes(0));
      const own: Usage = { group: lower.id, pool: ONE, used: bytes(0), quota: bytes(0), items: 0 };
      expect(await tx.usage.ofPath(lower.path, ONE)).toEqual([own]);
      const everywhere = await tx.usage.ofPathInAllPools(lower.path);
      expect(everywhere.map(({ pool }) => pool)).toEqual([ONE, TWO, TWO]);
      expect(everywhere).toContainEqual({ group: upper.id, pool: TWO, used: 4, quota: null, items: 0 });
      expect(await tx.usage.ofPathInAllPools([lower.id])).toEqual([own]);
    });
  });

  it('checks the limit in force once it has locked the row, not an earlier one', async () => {
    await depot.work.run(async (tx) => tx.usage.setQuota(upper.id, ONE, bytes(100)));
    const lowered = gate();
    const go = gate();
    const lowering = depot.work.run(async (tx) => {
      await tx.usage.setQuota(upper.id, ONE, bytes(10));
      lowered.open();
      await go.opened;
    });
    await lowered.opened;
    const charging = trying(async (tx) => {
      expect(await tx.usage.charge(lower, ONE, bytes(50))).toEqual({
        kind: 'group',
        group: upper.id,
        used: 0,
        limit: 10,
      });
    });
    await untilBlocked(depot.url);
    go.open();
    await Promise.all([lowering, charging]);
  });

  it('returns levels without a limit for 0 and null', () => {
    const usage: Usage = { group: ROOT_GROUP, pool: ONE, used: bytes(3), quota: bytes(7), items: 1 };
    expect(levelOf(usage)).toEqual({ kind: 'group', group: ROOT_GROUP, used: 3, limit: 7 });
    expect(levelOf({ ...usage, quota: bytes(0) }).limit).toBeNull();
    expect(levelOf({ ...usage, quota: null }).limit).toBeNull();
  });

  it('reports drift when a row is not the sum of the items', async () => {
    await depot.work.run(async (tx) => {
      await tx.usage.charge(lower, ONE, bytes(5));
      await tx.pools.charge(TWO, bytes(7));
    });
    await expect(expectNoDrift(depot.url)).rejects.toThrow();
    const drift = await rowsOf(
      depot.url,
      'select level, group_id::int, pool_id::int, used::int, counted::int from usage_drift',
    );
    expect(drift).toHaveLength(4);
    expect(drift).toContainEqual({ level: 'group', group_id: upper.id, pool_id: ONE, used: 5, counted: 0 });
    expect(drift).toContainEqual({ level: 'pool', group_id: null, pool_id: TWO, used: 7, counted: 0 });
    await depot.work.run(async (tx) => {
      await tx.usage.refund(lower.path, ONE, bytes(5));
      await tx.pools.refund(TWO, bytes(7));
    });
  });
});
