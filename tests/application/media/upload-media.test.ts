import type { MediaOrder } from '../../../src/application/media/admit.ts';
import type { UploadOrder } from '../../../src/application/media/upload-media.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { GroupId, MediaId, PoolId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(100_000);

describe('UploadMedia', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let opened: number;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    opened = 0;
  });
  afterEach(async () => fixture.close());

  async function upload(wanted: Partial<UploadOrder> = {}, caller: Caller = fixture.root): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length), ...wanted };
    return replica.upload.run(
      caller,
      order,
      () => {
        opened += 1;
        return sourceOf(CONTENT);
      },
      NEVER,
    );
  }

  it('stores the bytes as a finished item of the group, with their digest, and charges every level', async () => {
    const id = await upload({ name: 'debian.iso', readOnly: false });
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    const found = await fixture.depot.work.run(async (tx) => tx.media.findStored(id));
    expect(found).toMatchObject({
      media: {
        name: 'debian.iso',
        group: fixture.group.id,
        state: 'ready',
        readOnly: false,
        createdBy: fixture.root.uuid,
      },
      blob: { storedBytes: CONTENT.length, sha256: sha256(CONTENT) },
    });
    for (const id of fixture.group.path) expect(await fixture.used(id)).toBe(CONTENT.length);
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
    expect(await rowsOf(fixture.depot.url, 'select lease_holder, lease_until from media')).toEqual([
      { lease_holder: null, lease_until: null },
    ]);
  });

  it('stores no bytes that differ from one of the digests sent with them', async () => {
    const right = sha256(CONTENT);
    const wrong = sha256(CONTENT.subarray(1));
    await expect(upload({ sha256: [right, wrong] })).rejects.toMatchObject({ code: 'digest-mismatch' });
    await fixture.expectNothing();
    await upload({ sha256: [right, right] });
    expect(await fixture.states()).toEqual(['ready']);
  });

  it('accepts an item without bytes, also without headroom', async () => {
    await fixture.setQuota(fixture.group.id, bytes(CONTENT.length));
    await upload();
    const empty = await replica.upload.run(fixture.root, orderOf(fixture, 0), () => sourceOf(), NEVER);
    expect(await fixture.content(empty)).toHaveLength(0);
  });

  it.each<[string, (order: DepotFixture) => Partial<MediaOrder>, object]>([
    ['a pool that is not configured', () => ({ pool: 9 as PoolId }), { code: 'pool-not-found' }],
    ['a group that does not exist', () => ({ group: 999 as GroupId }), { code: 'group-not-found' }],
    ['a group that may not manage the pool', ({ top }) => ({ group: top.id }), { code: 'not-manager' }],
    ['an invalid name', () => ({ name: 'a\u0000b' }), { code: 'name-invalid' }],
    ['an invalid type', () => ({ type: '' }), { code: 'name-invalid' }],
  ])('refuses %s before it reads the body', async (_, wanted, failure) => {
    await expect(upload(wanted(fixture))).rejects.toMatchObject(failure);
    expect(opened).toBe(0);
    await fixture.expectNothing();
  });

  it('refuses a caller who may not create media for the group, and judges a missing group as the root', async () => {
    const stranger = await makeUser(fixture.depot, 'stranger', fixture.top.id, 'velocity.media.list');
    const ofTop = await makeUser(fixture.depot, 'of top', fixture.top.id, 'velocity.media.create');
    const forbidden = { code: 'permission-missing', detail: { permission: 'velocity.media.create' } };
    await expect(upload({}, stranger)).rejects.toMatchObject(forbidden);
    await expect(upload({ group: 999 as GroupId }, ofTop)).rejects.toMatchObject(forbidden);
    expect(opened).toBe(0);
    await upload({}, ofTop);
  });

  it('checks in this order: permission, pool, group, manage, name, quota', async () => {
    const stranger = await makeUser(fixture.depot, 'stranger');
    await upload({ name: 'taken' });
    await fixture.setQuota(fixture.group.id, bytes(1));
    opened = 0;
    let wrong: Partial<MediaOrder> = { pool: 9 as PoolId, group: 999 as GroupId, name: 'taken' };
    await expect(upload(wrong, stranger)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(upload(wrong)).rejects.toMatchObject({ code: 'pool-not-found' });
    wrong = { ...wrong, pool: ONE };
    await expect(upload(wrong)).rejects.toMatchObject({ code: 'group-not-found' });
    wrong = { ...wrong, group: fixture.top.id };
    await expect(upload(wrong)).rejects.toMatchObject({ code: 'not-manager' });
    wrong = { ...wrong, group: fixture.group.id };
    await expect(upload(wrong)).rejects.toMatchObject({ code: 'media-name-taken' });
    await expect(upload()).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect(opened).toBe(0);
  });

  it('reports the needed and the remaining bytes when a limit refuses, and leaves usage unchanged', async () => {
    await fixture.setQuota(fixture.top.id, bytes(CONTENT.length + 10));
    await upload();
    await expect(upload()).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: { needed: CONTENT.length, left: 10, limitedBy: 'group' },
    });
    expect(await fixture.used()).toBe(CONTENT.length);
    await fixture.setQuota(fixture.top.id, bytes(5));
    await expect(upload()).rejects.toMatchObject({ detail: { left: 0 } });
  });

  it('is limited by the capacity of the pool', async () => {
    await fixture.depot.work.run(async (tx) =>
      tx.pools.store({ ...fixture.pools[0]!, capacity: bytes(CONTENT.length - 1) }),
    );
    await expect(upload()).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: { needed: CONTENT.length, left: CONTENT.length - 1, limitedBy: 'pool' },
    });
    await upload({ pool: TWO });
  });

  it('gives a name to one of several concurrent uploads', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 6 }, async () => upload({ name: 'same' })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'media-name-taken' });
    }
    expect(opened).toBe(1);
    expect(await fixture.states()).toEqual(['ready']);
  });

  it('admits exactly as many of fifty concurrent uploads as fit', async () => {
    await fixture.setQuota(fixture.top.id, bytes(CONTENT.length * 12 + 1));
    const answers = await Promise.allSettled(Array.from({ length: 50 }, async () => upload()));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(12);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'quota-exceeded' });
    }
    expect(await fixture.files()).toHaveLength(12);
  });
});
