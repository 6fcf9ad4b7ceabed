import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf, stallAfter } from '../../support/files/byte-sources.ts';
import { gate } from '../../support/waiting/gate.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(1000);
const MISSING = { code: 'media-not-found' };
const FORBIDDEN = { code: 'permission-missing', detail: { permission: 'velocity.media.remove' } };

describe('RemoveMedia', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
  });
  afterEach(async () => fixture.close());

  async function upload(name = 'name'): Promise<MediaId> {
    return replica.upload.run(fixture.root, orderOf(fixture, CONTENT.length, name), () => sourceOf(CONTENT), NEVER);
  }

  async function remove(id: MediaId | null, caller: Caller = fixture.root): Promise<void> {
    await replica.remove.run(caller, id);
  }

  it('removes row, bytes and usage, also of read-only items, and frees the name', async () => {
    await remove(await upload());
    await fixture.expectNothing();
    expect(replica.woken()).toBe(0);
    await upload();
  });

  it('requires the permission on the group of the item, or above it', async () => {
    const id = await upload();
    const reader = await makeUser(fixture.depot, 'reader', fixture.group.id, 'velocity.media.list');
    const ofTop = await makeUser(fixture.depot, 'of top', fixture.top.id, 'velocity.media.remove');
    await expect(remove(id, reader)).rejects.toMatchObject(FORBIDDEN);
    await remove(id, ofTop);
  });

  it('reports a missing item only to callers who may remove those of the root group', async () => {
    const reader = await makeUser(fixture.depot, 'reader', fixture.group.id, 'velocity.media.list');
    const elsewhere = await makeUser(fixture.depot, 'elsewhere', fixture.group.id, 'velocity.media.remove');
    for (const id of [randomUUID() as MediaId, null]) {
      await expect(remove(id, reader)).rejects.toMatchObject(FORBIDDEN);
      await expect(remove(id, elsewhere)).rejects.toMatchObject(FORBIDDEN);
      await expect(remove(id, fixture.root)).rejects.toMatchObject(MISSING);
    }
  });

  it('requires that the group manages the pool', async () => {
    const id = await upload();
    await fixture.depot.work.run(async (tx) =>
      tx.assignments.store(fixture.group.id, ONE, { write: true, manage: false }),
    );
    await expect(remove(id)).rejects.toMatchObject({ code: 'not-manager' });
    await fixture.depot.work.run(async (tx) => tx.assignments.remove(fixture.group.id, ONE));
    await expect(remove(id)).rejects.toMatchObject({ code: 'not-manager' });
    expect(await fixture.states()).toEqual(['ready']);
  });

  it('does not find unfinished items', async () => {
    const client = new AbortController();
    const stalled = gate();
    const order = orderOf(fixture, CONTENT.length);
    const uploading = replica.upload.run(
      fixture.root,
      order,
      () => stallAfter(stalled, CONTENT.subarray(1)),
      client.signal,
    );
    const ended = expect(uploading).rejects.toThrow('gone');
    await stalled.opened;
    const [row] = await rowsOf(fixture.depot.url, 'select id from media');
    await expect(remove(row!.id as MediaId)).rejects.toMatchObject(MISSING);
    client.abort(new Error('gone'));
    await ended;
  });

  it('refuses a protected item until the protection ends', async () => {
    const id = await upload();
    await fixture.depot.work.run(async (tx) => tx.protections.set(id, true));
    await expect(remove(id)).rejects.toMatchObject({ code: 'media-protected' });
    expect(await fixture.states()).toEqual(['ready']);
    await fixture.depot.work.run(async (tx) => tx.protections.set(id, false));
    await remove(id);
    await fixture.expectNothing();
  });

  it('removes an item once for concurrent requests', async () => {
    const id = await upload();
    const answers = await Promise.allSettled(Array.from({ length: 5 }, async () => remove(id)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject(MISSING);
    await fixture.expectNothing();
  });

  it('hides the item also while the pool cannot be reached, and refunds the pool when it is back', async () => {
    const id = await upload();
    const remount = await fixture.unmount(ONE);
    await remove(id);
    expect(replica.woken()).toBe(1);
    expect(await fixture.used()).toBe(0);
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
    await expect(remove(id)).rejects.toMatchObject(MISSING);
    await replica.sweep.run();
    expect(await fixture.states()).toEqual(['removing']);
    await remount();
    await replica.sweep.run();
    await fixture.expectNothing();
  });

  it('frees the name while the bytes of the removed item still exist', async () => {
    const id = await upload();
    const remount = await fixture.unmount(ONE);
    await remove(id);
    await remount();
    await upload();
    expect(await fixture.states()).toEqual(['removing', 'ready']);
    expect(await fixture.poolUsage()).toBe(2 * CONTENT.length);
    await replica.sweep.run();
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
  });
});
