import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { UpdateDrive } from '../../../src/application/drives/update-drive.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { qcow2Image, vmdkImage } from '../../support/images/images.ts';
import {
  dynamicVhdImage,
  fixedVhdImage,
  parallelsImage,
  qedImage,
  vdiImage,
} from '../../support/images/other-images.ts';
import { realImage } from '../../support/images/real-images.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { openDepotFixture, orderOf, storesOf, ONE, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const GIB = 2 ** 30;
const THIN = qcow2Image({ virtualSize: 8 * GIB });
const GROWTH = 8 * GIB - THIN.length;
const WORKERS = { wake: () => undefined };

describe('A writable thin image', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let ann: Caller;
  let cloneFixture: CloneFixture;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    cloneFixture = openCloneFixture(fixture);
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  async function upload(image: Uint8Array, readOnly: boolean, type = 'ISO', by = replica): Promise<MediaId> {
    const order = { ...orderOf(fixture, image.length), readOnly, type };
    return by.upload.run(ann, order, () => sourceOf(image), NEVER);
  }

  function edit(): UpdateDrive {
    return new UpdateDrive({
      work: fixture.work,
      stores: fixture.stores,
      pools: fixture.pools,
      resize: replica.resize,
      random: new NodeRandom(),
      workers: WORKERS,
    });
  }

  /** The refusal of a thin image that could exceed the limit by one byte. */
  const refused = (limitedBy: 'group' | 'pool') => ({
    code: 'quota-exceeded',
    detail: { needed: GROWTH, left: GROWTH - 1, limitedBy, growsTo: 8 * GIB },
  });

  /** Leaves the group exactly this headroom beyond its usage and the bytes of one thin image. */
  async function leave(left: number): Promise<void> {
    await fixture.setQuota(fixture.group.id, bytes((await fixture.used()) + THIN.length + left));
  }

  it('is accepted if its virtual size fits the headroom of its group, and is charged for its bytes only', async () => {
    await leave(GROWTH);
    await upload(THIN, false);
    expect(await fixture.used()).toBe(THIN.length);
  });

  it('is refused if it does not fit the headroom of its group, and leaves nothing', async () => {
    await leave(GROWTH - 1);
    await expect(upload(THIN, false)).rejects.toMatchObject(refused('group'));
    await fixture.expectNothing();
  });

  it('is refused by the quota of a group above, and by the capacity of the pool', async () => {
    await fixture.setQuota(fixture.top.id, bytes(THIN.length + GROWTH - 1));
    await expect(upload(THIN, false)).rejects.toMatchObject(refused('group'));
    await fixture.setQuota(fixture.top.id, null);
    await rowsOf(fixture.depot.url, `update pools set capacity = ${THIN.length + GROWTH - 1} where id = 1`);
    await expect(upload(THIN, false)).rejects.toMatchObject(refused('pool'));
    await fixture.expectNothing();
  });

  it.each([
    ['VMDK', vmdkImage()],
    ['VDI', vdiImage()],
    ['VHD', dynamicVhdImage()],
    ['VHDX', realImage('vhdx-dynamic')],
    ['QED', qedImage()],
    ['Parallels', parallelsImage()],
  ])('is refused in every format: %s', async (_, image) => {
    await fixture.setQuota(fixture.group.id, bytes(image.length));
    await expect(upload(image, false)).rejects.toMatchObject({ code: 'quota-exceeded' });
    await upload(image, true);
  });

  it('is not thin, and accepted, if all of its bytes exist', async () => {
    for (const image of [fixedVhdImage(new Uint8Array(4096)), new Uint8Array(5000)]) {
      await fixture.setQuota(fixture.group.id, bytes((await fixture.used()) + image.length));
      await upload(image, false);
    }
  });

  it('may have any size if it is not written in place: read-only, or in an immutable pool', async () => {
    await leave(0);
    await upload(THIN, true);
    // Like a pool in S3, but with its bytes on a disk.
    const immutable = new Proxy(fixture.stores.of(ONE, 0), {
      get: (store, name) => {
        if (name === 'immutable') return true;
        const value: unknown = Reflect.get(store, name, store);
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
    const stores = storesOf(new Map([[ONE, immutable]]));
    await leave(0);
    await upload(THIN, false, 'DISK', startReplica(fixture, { stores }));
  });

  it('is refused when a read-only image becomes writable', async () => {
    const id = await upload(THIN, true);
    await fixture.setQuota(fixture.group.id, bytes(THIN.length + GROWTH - 1));
    await expect(edit().run(ann, id, { optical: false })).rejects.toMatchObject(refused('group'));
    await fixture.setQuota(fixture.group.id, bytes(THIN.length + GROWTH));
    expect(await edit().run(ann, id, { optical: false })).toMatchObject({ media: { optical: false } });
  });

  it('is refused as a clone, and accepted as a read-only one', async () => {
    const id = await upload(THIN, true);
    await leave(GROWTH - 1);
    await expect(cloneFixture.clone.run(ann, id, { optical: false })).rejects.toMatchObject(refused('group'));
    expect(await fixture.used()).toBe(THIN.length);
    await cloneFixture.clone.run(ann, id, {});
    await leave(GROWTH);
    await cloneFixture.clone.run(ann, id, { optical: false });
    await cloneFixture.finishJobs();
    expect(await fixture.states()).toEqual(['ready', 'ready', 'ready']);
  });
});

describe('An image that declares its own size', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let ann: Caller;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  async function upload(image: Uint8Array): Promise<MediaId> {
    const order = { ...orderOf(fixture, image.length), readOnly: false, type: 'DISK' };
    return replica.upload.run(ann, order, () => sourceOf(image), NEVER);
  }

  it.each([
    ['qcow2', qcow2Image()],
    ['vmdk', vmdkImage()],
    ['vdi', vdiImage()],
    ['vhd', fixedVhdImage(new Uint8Array(4096))],
    ['vhdx', realImage('vhdx-fixed')],
    ['qed', qedImage()],
    ['parallels', parallelsImage()],
  ])('is neither enlarged nor cloned larger: %s', async (format, image) => {
    const id = await upload(image);
    const size = bytes(image.length + 512);
    const refusal = { code: 'image-not-growable', detail: { format } };
    await expect(replica.resize.run(ann, id, size)).rejects.toMatchObject(refusal);
    await expect(openCloneFixture(fixture).clone.run(ann, id, { size })).rejects.toMatchObject(refusal);
    expect([await fixture.used(), await fixture.states()]).toEqual([image.length, ['ready']]);
    await replica.resize.run(ann, id, bytes(image.length));
  });

  it.each(['raw', 'iso', 'luks'])('is not %s, of which a guest sees all bytes', async (format) => {
    const image = { raw: new Uint8Array(4096), iso: realImage('udf-disk'), luks: realImage('luks1') }[format]!;
    const id = await upload(image);
    const size = bytes(image.length + 512);
    await replica.resize.run(ann, id, size);
    const seen = async (id: MediaId) =>
      fixture.depot.work.run(async (tx) => (await tx.media.lockStoredShared(id))?.facts);
    expect(await seen(id)).toMatchObject({ format, virtualSize: size, encrypted: format === 'luks' });
    const cloneFixture = openCloneFixture(fixture);
    const clone = await cloneFixture.clone.run(ann, id, { size: bytes(size + 512) });
    await cloneFixture.finishJobs();
    expect(await seen(clone.id)).toMatchObject({ format, virtualSize: size + 512, encrypted: format === 'luks' });
  });
});
