import { randomUUID } from 'node:crypto';
import { RemoveGroup } from '../../../src/application/access/remove-group.ts';
import { admit } from '../../../src/application/media/admit.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import type { Pool } from '../../../src/domain/pools/pool.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import {
  ROOT_GROUP,
  type GroupId,
  type InstanceId,
  type MediaId,
  type PoolId,
} from '../../../src/domain/shared/ids.ts';
import { RAW } from '../../support/images/image-facts.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../../support/waiting/gate.ts';
import { makeGroups, makeRoot, makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';

const NOWHERE = 999 as GroupId;
const FORBIDDEN = { code: 'permission-missing' };
const MISSING = { code: 'group-not-found' };

const POOLS: readonly Pool[] = [1, 2].map((id) => ({
  id: id as PoolId,
  name: `pool ${id}`,
  capacity: null,
  storageType: 'local',
  isDefault: id === 1,
}));
const [ONE, TWO] = POOLS.map(({ id }) => id) as [PoolId, PoolId];

describe('RemoveGroup', () => {
  const lease = { holder: randomUUID() as InstanceId, seconds: 60 };
  let depot: TestDepot;
  let root: Caller;
  let top: Group;
  let upper: Group;
  let lower: Group;
  let woken: number;
  beforeEach(async () => {
    depot = await openTestDepot();
    root = await makeRoot(depot);
    [top, upper, lower] = (await makeGroups(depot, 'top', 'upper', 'lower')) as [Group, Group, Group];
    woken = 0;
    await depot.work.run(async (tx) => {
      for (const pool of POOLS) {
        await tx.pools.store(pool);
        for (const { id } of [top, upper, lower]) {
          await tx.assignments.store(id, pool.id, { write: true, manage: true });
        }
      }
    });
  });
  afterEach(async () => depot.close());

  async function remove(caller: Caller, group: GroupId): Promise<void> {
    await new RemoveGroup(depot.work, { wake: () => (woken += 1) }).run(caller, group);
  }

  async function upload(group: Group, pool: PoolId, size: number): Promise<MediaId> {
    const id = randomUUID() as MediaId;
    const order = { name: id, type: 'ISO', size: bytes(size), readOnly: true, pool, group: group.id };
    await depot.work.run(async (tx) => admit(tx, POOLS, root, id, order, 'uploading', lease));
    return id;
  }

  async function used(group: Group, pool: PoolId): Promise<number | undefined> {
    const [usage] = await depot.work.run(async (tx) => tx.usage.ofPath([group.id], pool));
    return usage?.used;
  }

  async function states(): Promise<readonly unknown[]> {
    return (await rowsOf(depot.url, 'select state from media order by created_at')).map(({ state }) => state);
  }

  it('removes everything below the group, and refunds its usage on every pool', async () => {
    await upload(top, ONE, 1);
    await upload(upper, ONE, 10);
    const finished = await upload(lower, ONE, 100);
    await upload(lower, TWO, 1000);
    await depot.work.run(async (tx) =>
      tx.media.finish(finished, lease.holder, { storedBytes: bytes(100), sha256: null, fingerprint: null }, RAW),
    );

    await remove(root, upper.id);
    expect(await used(top, ONE)).toBe(1);
    expect(await used(top, TWO)).toBe(0);
    expect(await states()).toEqual(['uploading', 'removing', 'removing', 'removing']);
    await depot.work.run(async (tx) => {
      expect(await tx.groups.find(top.id)).toEqual(top);
      expect(await tx.groups.find(upper.id)).toBeNull();
      expect(await tx.groups.find(lower.id)).toBeNull();
    });
    expect(woken).toBe(1);
  });

  it('requires the permission on the parent', async () => {
    const ofUpper = await makeUser(depot, 'of upper', upper.id, 'velocity.group.remove');
    await expect(remove(ofUpper, upper.id)).rejects.toMatchObject(FORBIDDEN);
    await expect(remove(ofUpper, NOWHERE)).rejects.toMatchObject(FORBIDDEN);
    await expect(remove(ofUpper, ROOT_GROUP)).rejects.toMatchObject(FORBIDDEN);
    await remove(ofUpper, lower.id);
  });

  it('refuses a group with protected items below it, and names them', async () => {
    const id = await upload(lower, ONE, 100);
    await upload(upper, TWO, 10);
    await depot.work.run(async (tx) => tx.protections.set(id, true));
    await expect(remove(root, upper.id)).rejects.toMatchObject({
      code: 'group-protected',
      detail: { count: 1, items: [{ id, name: id }] },
    });
    expect(await states()).toEqual(['uploading', 'uploading']);
    expect(woken).toBe(0);
    await depot.work.run(async (tx) => tx.protections.set(id, false));
    await remove(root, upper.id);
    expect(await states()).toEqual(['removing', 'removing']);
  });

  it('never removes the root or a missing group, and then wakes no removals', async () => {
    await expect(remove(root, ROOT_GROUP)).rejects.toMatchObject({ code: 'protected' });
    await expect(remove(root, NOWHERE)).rejects.toMatchObject(MISSING);
    expect(woken).toBe(0);
  });

  it('removes a group once for concurrent requests', async () => {
    await upload(lower, ONE, 100);
    const answers = await Promise.allSettled(Array.from({ length: 4 }, async () => remove(root, upper.id)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(MISSING);
    }
    expect(await used(top, ONE)).toBe(0);
  });

  it('waits for an upload that is being admitted, and removes it too', async () => {
    const admitted = gate();
    const go = gate();
    const id = randomUUID() as MediaId;
    const order = { name: 'slow', type: 'ISO', size: bytes(100), readOnly: true, pool: ONE, group: lower.id };
    const uploading = depot.work.run(async (tx) => {
      await admit(tx, POOLS, root, id, order, 'uploading', lease);
      admitted.open();
      await go.opened;
    });
    await admitted.opened;
    const removing = remove(root, upper.id);
    await untilBlocked(depot.url);
    go.open();
    await Promise.all([uploading, removing]);
    expect(await used(top, ONE)).toBe(0);
    expect(await states()).toEqual(['removing']);
  });

  it('leaves no charge when uploads into the whole tree arrive meanwhile', async () => {
    const uploads = Array.from({ length: 24 }, async (_, at) =>
      upload(at % 2 === 0 ? upper : lower, at % 3 === 0 ? ONE : TWO, at + 1),
    );
    const [removed, ...answers] = await Promise.allSettled([remove(root, upper.id), ...uploads]);
    expect(removed.status).toBe('fulfilled');
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(MISSING);
    }
    expect((await used(top, ONE)) ?? 0).toBe(0);
    expect((await used(top, TWO)) ?? 0).toBe(0);
    expect(new Set(await states()).size).toBeLessThanOrEqual(1);
  });
});
