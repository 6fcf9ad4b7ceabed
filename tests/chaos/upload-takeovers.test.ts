import { createHash } from 'node:crypto';
import type { AppendBody, AppendChecksum } from '../../src/application/uploads/append-body.ts';
import type { UploadOrder } from '../../src/application/uploads/create-upload.ts';
import type { UploadView } from '../../src/application/uploads/upload-view.ts';
import type { ByteSource } from '../../src/application/ports/blob-store.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { isFailure } from '../../src/domain/shared/domain-error.ts';
import { failAfter, NEVER, patterned, sha256, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { ONE, type DepotFixture } from '../support/fixtures/depot-fixture.ts';
import { POOL_KINDS } from '../support/fixtures/depot-in-s3.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { reap, startUploadReplica, type UploadReplica } from '../support/program/upload-replica.ts';
import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';

const CONTENT = patterned(300_000);
const HALF = 150_001;

afterAll(closeTestBuckets);

describe.each(POOL_KINDS)('A resumable upload on $name', ({ open }) => {
  let fixture: DepotFixture;
  let replica: UploadReplica;
  let other: UploadReplica;
  beforeEach(async () => {
    fixture = await open();
    replica = startUploadReplica(fixture);
    other = startUploadReplica(fixture);
  });
  afterEach(async () => {
    for (const one of [replica, other]) {
      await one.leases.idle();
      await one.close();
    }
    await fixture.close();
  });

  function order(wanted: Partial<UploadOrder> = {}): UploadOrder {
    return {
      name: 'image',
      group: fixture.group.id,
      pool: ONE,
      type: null,
      length: bytes(CONTENT.length),
      readOnly: null,
      sha256: null,
      ...wanted,
    };
  }

  const create = async (wanted: Partial<UploadOrder> = {}, at = replica): Promise<UploadView> =>
    at.create.run(fixture.root, order(wanted));

  const bodyOf = (source: ByteSource, length: number | null, checksum: AppendChecksum | null = null): AppendBody => ({
    source,
    length,
    checksum,
  });

  async function send(id: UploadView['id'], from: number, to = CONTENT.length, at = replica): Promise<UploadView> {
    return at.append.run(fixture.root, id, from, bodyOf(sourceOf(CONTENT.subarray(from, to)), to - from), NEVER);
  }

  it('is charged and named at once, and becomes an item with its last byte', async () => {
    const { id, offset, state } = await create();
    expect([offset, state]).toEqual([0, 'open']);
    expect(await fixture.used()).toBe(CONTENT.length);
    expect(await send(id, 0, HALF)).toMatchObject({ offset: HALF, state: 'open', media: null });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: HALF });
    expect(await send(id, HALF)).toMatchObject({ offset: CONTENT.length, state: 'finished', media: id });
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    const stored = await fixture.depot.work.run(async (tx) => tx.media.findStored(id));
    expect(stored).toMatchObject({
      media: { name: 'image', type: 'DISK', readOnly: false },
      blob: { sha256: sha256(CONTENT), storedBytes: CONTENT.length },
    });
    expect(replica.recorded).toContain('upload resumed');
  });

  it('is the same upload when it is created twice before its first byte', async () => {
    const first = await create();
    const [again, elsewhere] = await Promise.all([create(), create({}, other)]);
    expect([again.id, elsewhere.id]).toEqual([first.id, first.id]);
    expect(await fixture.used()).toBe(CONTENT.length);
    await expect(create({ length: bytes(1) })).rejects.toMatchObject({ code: 'media-name-taken' });
    await send(first.id, 0, 10);
    await expect(create()).rejects.toMatchObject({ code: 'media-name-taken' });
    await replica.abort.run(fixture.root, first.id);
  });

  it('is an item at once if it has no bytes', async () => {
    const { id, state } = await create({ length: bytes(0) });
    expect(state).toBe('finished');
    expect(await fixture.content(id)).toHaveLength(0);
  });

  it('keeps what arrived before its body was cut off', async () => {
    const { id } = await create();
    const cut = failAfter(new Error('cut off'), CONTENT.subarray(0, 1000));
    await expect(replica.append.run(fixture.root, id, 0, bodyOf(cut, 2000), NEVER)).rejects.toThrow('cut off');
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 1000 });
    expect(await send(id, 1000)).toMatchObject({ state: 'finished' });
  });

  it.each<[string, number, number | null]>([
    ['behind', 5, 10],
    ['before', 3, 10],
    ['with nothing, behind', 5, 0],
  ])('refuses a request %s its offset, and says where it is', async (_where, from, length) => {
    const { id } = await create();
    await send(id, 0, 4);
    const body = bodyOf(sourceOf(CONTENT.subarray(0, length ?? 0)), length);
    await expect(replica.append.run(fixture.root, id, from, body, NEVER)).rejects.toMatchObject({
      code: 'upload-offset-mismatch',
      detail: { offset: 4 },
    });
    await replica.abort.run(fixture.root, id);
  });

  it('takes no more bytes than it has', async () => {
    const { id } = await create();
    const long = [CONTENT, Buffer.from('!')];
    const reported = bodyOf(sourceOf(...long), CONTENT.length + 1);
    await expect(replica.append.run(fixture.root, id, 0, reported, NEVER)).rejects.toMatchObject({
      code: 'body-too-long',
    });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 0 });
    const untold = bodyOf(sourceOf(...long), null);
    await expect(replica.append.run(fixture.root, id, 0, untold, NEVER)).rejects.toMatchObject({
      code: 'body-too-long',
    });
    await replica.abort.run(fixture.root, id);
  });

  it('is continued by another replica, which reads back what is there', async () => {
    const { id } = await create({ sha256: sha256(CONTENT) });
    await send(id, 0, HALF);
    expect(await other.view.run(fixture.root, id)).toMatchObject({ offset: HALF });
    expect(await send(id, HALF, undefined, other)).toMatchObject({ state: 'finished' });
    expect(other.recorded).toContain('upload taken over');
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it.each<[string, boolean, boolean]>([
    ['of the same process', true, true],
    ['of another replica, by a notification', false, true],
    ['of another replica that hears no notification, with the next renewal', false, false],
  ])('is taken from a request that brings nothing more, %s', async (_where, isOwn, listens) => {
    const holder = listens ? replica : startUploadReplica(fixture, { listens: false });
    const { id } = await create();
    const isStalled = gate();
    const source = stallAfter(isStalled, CONTENT.subarray(0, HALF));
    const silent = holder.append.run(fixture.root, id, 0, bodyOf(source, null), NEVER);
    silent.catch(() => undefined);
    await isStalled.opened;
    const next = isOwn ? holder : other;
    const answer = await until('the upload', async () => {
      try {
        return await send(id, HALF, undefined, next);
      } catch (error) {
        if (isFailure(error, 'upload-locked')) return null;
        throw error;
      }
    });
    expect(answer).toMatchObject({ state: 'finished' });
    await expect(silent).rejects.toMatchObject({ code: 'upload-locked' });
    await holder.close();
  });

  it('is continued after its process died: at once when that is known, else when the lease ends', async () => {
    const dead = startUploadReplica(fixture, { leaseSeconds: 3600 });
    const { id } = await create();
    const [isStalled, wire] = [gate(), new AbortController()];
    const source = stallAfter(isStalled, CONTENT.subarray(0, HALF));
    const silent = dead.append.run(fixture.root, id, 0, bodyOf(source, null), wire.signal);
    silent.catch(() => undefined);
    await isStalled.opened;
    await dead.kill();
    wire.abort(new Error('dead'));
    await expect(silent).rejects.toThrow('dead');
    await expect(send(id, 0, 10)).rejects.toMatchObject({ code: 'upload-locked' });
    await reap(fixture, dead);
    expect(await send(id, 0)).toMatchObject({ state: 'finished' });
  });

  it('is written to no longer than until 1 s before the lease ends, and keeps what arrived by then', async () => {
    const silent = startUploadReplica(fixture, { leaseSeconds: 1.3 });
    const { id } = await create();
    const source = stallAfter(gate(), CONTENT.subarray(0, HALF));
    const sent = silent.append.run(fixture.root, id, 0, bodyOf(source, null), NEVER);
    await expect(sent).rejects.toMatchObject({ code: 'unavailable' });
    expect(await other.view.run(fixture.root, id)).toMatchObject({ offset: HALF, state: 'open' });
    await silent.close();
    await replica.abort.run(fixture.root, id);
  });

  it('ends when it cannot be verified, because bytes are missing', async () => {
    const { id } = await create();
    await send(id, 0, CONTENT.length - 1);
    await fixture.depot.rows(`update uploads set received = length, state = 'verifying' where id = '${id}'`);
    await expect(send(id, CONTENT.length - 1)).rejects.toMatchObject({ code: 'upload-verifying' });
    // The last byte is missing: an upload that cannot be verified ends.
    await other.tend.run();
    await until('its end', async () => (await fixture.states()).length === 0);
    await expect(replica.view.run(fixture.root, id)).rejects.toMatchObject({ code: 'upload-gone' });
  });

  it('ends when its bytes are not those of its digest, and leaves nothing', async () => {
    const { id } = await create({ sha256: sha256(CONTENT.subarray(1)) });
    await expect(send(id, 0)).rejects.toMatchObject({ code: 'digest-mismatch' });
    await expect(replica.view.run(fixture.root, id)).rejects.toMatchObject({ code: 'upload-gone' });
    await fixture.expectNothing();
  });

  it('ends as soon as its first bytes show an image that is refused', async () => {
    const hostile = Buffer.alloc(70_000);
    hostile.write(
      '# Disk DescriptorFile\nversion=1\nCID=ffffffff\ncreateType="monolithicFlat"\nRW 1 FLAT "/etc/shadow" 0\n',
    );
    const { id } = await create();
    const body = bodyOf(sourceOf(hostile.subarray(0, 66_000)), null);
    await expect(replica.append.run(fixture.root, id, 0, body, NEVER)).rejects.toMatchObject({
      code: 'format-refused',
    });
    await expect(replica.view.run(fixture.root, id)).rejects.toMatchObject({ code: 'upload-gone' });
    await fixture.expectNothing();
  });

  it('goes back to where it was when a checksum does not match, or its body is cut off', async () => {
    const { id } = await create({ sha256: sha256(CONTENT) });
    await send(id, 0, 1000);
    const part = CONTENT.subarray(1000, HALF);
    const checksum = { algorithm: 'md5', value: createHash('md5').update(part).digest() } as const;
    const wrong = bodyOf(sourceOf(patterned(500)), 500, checksum);
    await expect(replica.append.run(fixture.root, id, 1000, wrong, NEVER)).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
    const cut = bodyOf(failAfter(new Error('cut off'), part), null, checksum);
    await expect(replica.append.run(fixture.root, id, 1000, cut, NEVER)).rejects.toThrow('cut off');
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 1000 });
    const right = bodyOf(sourceOf(part), part.length, checksum);
    expect(await replica.append.run(fixture.root, id, 1000, right, NEVER)).toMatchObject({ offset: HALF });
    expect(await send(id, HALF)).toMatchObject({ state: 'finished' });
  });

  it('is aborted with its name, charge and bytes, and is remembered as ended', async () => {
    const { id } = await create();
    await send(id, 0, HALF);
    await replica.abort.run(fixture.root, id);
    await fixture.expectNothing();
    const attempts = [
      async () => replica.view.run(fixture.root, id),
      async () => send(id, HALF),
      async () => replica.abort.run(fixture.root, id),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'upload-gone' });
  });

  it('is aborted while a request of another replica writes to it', async () => {
    const { id } = await create();
    const isStalled = gate();
    const source = stallAfter(isStalled, CONTENT.subarray(0, HALF));
    const silent = other.append.run(fixture.root, id, 0, bodyOf(source, null), NEVER);
    silent.catch(() => undefined);
    await isStalled.opened;
    await replica.abort.run(fixture.root, id);
    await expect(silent).rejects.toMatchObject({ code: 'upload-gone' });
    // In S3 it waits for requests that may still arrive.
    await fixture.depot.rows('update media set settled_at = clock_timestamp() where settled_at is not null');
    await replica.purge();
    await fixture.expectNothing();
  });

  it('stays an item when it is aborted after it finished', async () => {
    const { id } = await create();
    await send(id, 0);
    await expect(replica.abort.run(fixture.root, id)).rejects.toMatchObject({ code: 'unknown-upload' });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ state: 'finished' });
    expect(await fixture.states()).toEqual(['ready']);
  });

  it('expires when no bytes are sent, and with it name, charge and bytes', async () => {
    const { id } = await create();
    await send(id, 0, HALF);
    await replica.tend.run();
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: HALF });
    await fixture.depot.rows(`update uploads set expires_at = clock_timestamp() - interval '1 s'`);
    await replica.tend.run();
    await expect(replica.view.run(fixture.root, id)).rejects.toMatchObject({ code: 'upload-gone' });
    await replica.purge();
    await fixture.expectNothing();
    expect(replica.recorded).toContain('upload expired');
  });

  it('is seen by its creator and by those who may remove media of its group, by no others', async () => {
    const [creator, stranger] = [await makeUser(fixture.depot, 'creator'), await makeUser(fixture.depot, 'stranger')];
    await fixture.depot.work.run(async (tx) =>
      tx.grants.grant({ user: creator.id, group: fixture.group.id, permission: 'velocity.media.create' }),
    );
    const { id } = await replica.create.run(creator, order());
    await expect(replica.view.run(stranger, id)).rejects.toMatchObject({ code: 'unknown-upload' });
    await expect(replica.view.run(stranger, null)).rejects.toMatchObject({ code: 'unknown-upload' });
    await expect(replica.abort.run(stranger, id)).rejects.toMatchObject({ code: 'unknown-upload' });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 0 });
    await expect(send(id, 0)).rejects.toMatchObject({ code: 'permission-missing' });
    await replica.abort.run(fixture.root, id);
  });

  it('ends with the next request when the rights of its creator were taken away', async () => {
    const { id } = await create();
    await send(id, 0, HALF);
    await fixture.depot.work.run(async (tx) =>
      tx.assignments.store(fixture.group.id, ONE, { write: true, manage: false }),
    );
    await expect(send(id, HALF)).rejects.toMatchObject({ code: 'not-manager' });
    await expect(send(id, HALF)).rejects.toMatchObject({ code: 'upload-gone' });
    await fixture.expectNothing();
  });

  it('counts among the open uploads of its creator, which are limited', async () => {
    const small = startUploadReplica(fixture, { maxOpen: 1 });
    const { id } = await create({}, small);
    await expect(create({ name: 'other' }, small)).rejects.toMatchObject({
      code: 'too-many-possessions',
      detail: { of: 'uploads', max: 1 },
    });
    await small.abort.run(fixture.root, id);
    const next = await create({ name: 'other' }, small);
    await small.abort.run(fixture.root, next.id);
    await small.close();
  });
});
