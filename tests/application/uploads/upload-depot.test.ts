import { randomUUID } from 'node:crypto';
import { rename, truncate } from 'node:fs/promises';
import { ExamineDepot } from '../../../src/application/doctor/examine-depot.ts';
import type { Finding } from '../../../src/application/doctor/finding.ts';
import { ReconcileRestored } from '../../../src/application/maintenance/reconcile-restored.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { InstanceId, MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { ONE, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { POOL_KINDS } from '../../support/fixtures/depot-in-s3.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { closeTestBuckets } from '../../support/s3/test-bucket.ts';

const CONTENT = patterned(100_000);
const HALF = 50_000;
const DAY_SECONDS = 86_400;
const LABEL = { text: 'disk', meta: {}, shareable: false, affinities: [] };

afterAll(closeTestBuckets);

describe.each(POOL_KINDS)('An open upload on $name', ({ name, open }) => {
  let fixture: DepotFixture;
  let replica: UploadReplica;
  let id: MediaId;
  beforeEach(async () => {
    fixture = await open();
    replica = startUploadReplica(fixture);
    const order = { group: fixture.group.id, pool: ONE, type: null, readOnly: null, sha256: null };
    ({ id } = await replica.create.run(fixture.root, { ...order, name: 'image', length: bytes(CONTENT.length) }));
    await send(0, HALF);
  });
  afterEach(async () => {
    await replica.close();
    await fixture.close();
  });

  async function send(from: number, to: number): Promise<unknown> {
    const body = { source: sourceOf(CONTENT.subarray(from, to)), length: to - from, checksum: null };
    return replica.append.run(fixture.root, id, from, body, NEVER);
  }

  const partial = (): string => fixture.pathOf(`.partial-${id}`);

  async function restore(): Promise<readonly MediaId[]> {
    const reported: MediaId[] = [];
    const reconcile = new ReconcileRestored(fixture.work, fixture.stores, randomUUID() as InstanceId, DAY_SECONDS);
    await reconcile.run((media) => reported.push(media.id));
    return reported;
  }

  it('is no finding of the doctor', async () => {
    const findings: Finding[] = [];
    const { work, stores, pools } = fixture;
    await new ExamineDepot({ work, stores, pools, leaseSeconds: 0 }).run(async (finding) => {
      findings.push(finding);
      await Promise.resolve();
    }, NEVER);
    expect(findings).toEqual([]);
    expect(await send(HALF, CONTENT.length)).toMatchObject({ state: 'finished' });
  });

  it('can be continued after a restore, at the offset of the backup, while its bytes are there', async () => {
    await send(HALF, HALF + 1000);
    await fixture.depot.rows(`update uploads set received = ${HALF}`);
    expect(await restore()).toEqual([]);
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: HALF });
    expect(await send(HALF, CONTENT.length)).toMatchObject({ state: 'finished' });
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it('has its whole expiry before it after a restore', async () => {
    await fixture.depot.rows(`update uploads set expires_at = clock_timestamp() - interval '1 day'`);
    expect(await restore()).toEqual([]);
    const hours = `select round(extract(epoch from expires_at - clock_timestamp()) / 3600)::integer as hours from uploads`;
    expect(await fixture.depot.rows(hours)).toEqual([{ hours: 24 }]);
  });

  it('leaves the bytes of its item alone after a restore that knows no byte of it', async () => {
    const order = { group: fixture.group.id, pool: ONE, type: null, readOnly: null, sha256: null };
    const length = bytes(CONTENT.length);
    const begun = await replica.create.run(fixture.root, { ...order, name: 'finished since', length });
    const writer = fixture.stores.of(ONE, 0).writer(begun.id as never, length);
    await writer.write(sourceOf(CONTENT), NEVER);
    await writer.commit();
    expect(await restore()).toEqual([begun.id]);
    expect((await fixture.content(begun.id)).equals(CONTENT)).toBe(true);
    await fixture.stores.of(ONE, 0).remove(begun.id as never);
  });

  describe('in chunks', () => {
    const CHUNK = bytes(CONTENT.length / 4);
    let drive: MediaId;
    const sendChunk = async (number: number): Promise<void> => {
      const body = { source: sourceOf(CONTENT.subarray(number * CHUNK, (number + 1) * CHUNK)), length: CHUNK };
      await replica.chunks.receiveChunk.run(fixture.root, drive, { number, chunkSize: CHUNK }, body, NEVER);
    };
    beforeEach(async () => {
      await fixture.depot.work.run(async (tx) => tx.users.setHome(fixture.root.id, fixture.group.id));
      const order = { label: LABEL, size: bytes(CONTENT.length), optical: false };
      drive = (await replica.chunks.initializeUploads.run(fixture.root, [order]))[0]!.id;
      await sendChunk(1);
      await sendChunk(3);
    });

    it('can be continued after a restore, with gaps, while its chunks are there', async () => {
      expect(await restore()).toEqual([]);
      await sendChunk(2);
      await sendChunk(0);
      expect((await fixture.content(drive)).equals(CONTENT)).toBe(true);
    });

    it('ends with a restore when a chunk that the backup knows is not there', async () => {
      // Bytes of a time before the backup.
      await fixture.stores.of(ONE, 0).remove(drive as never);
      await fixture.depot.rows(`update uploads set received = 0 where id = '${drive}'`);
      const one = { number: 0, from: bytes(0), to: CHUNK };
      const earlier = fixture.stores.of(ONE, 0).chunked.chunks(drive as never, bytes(CONTENT.length), CHUNK, false);
      await earlier.write(one, sourceOf(CONTENT.subarray(0, CHUNK)), NEVER);
      await earlier.discard();
      expect(await restore()).toEqual([drive]);
      await fixture.stores.of(ONE, 0).remove(drive as never);
    });
  });

  it('leaves nothing after its process was killed, whose last requests may still arrive', async () => {
    const stores = fixture.stores.of(ONE, 0);
    await fixture.depot.work.run(async (tx) => tx.uploads.acquire(id, { holder: replica.holder, seconds: 60 }));
    await replica.kill();
    replica = startUploadReplica(fixture);
    await replica.abort.run(fixture.root, id);
    const isDelayed = (await fixture.states()).length > 0;
    expect(isDelayed).toBe(stores.purgeDelaySeconds > 0);
    if (!isDelayed) return;
    const late = stores.resumable.appender(id as never, bytes(CONTENT.length));
    await late.open(bytes(0), NEVER);
    await late.append(sourceOf(CONTENT.subarray(0, HALF)), NEVER, null);
    await late.flush();
    await late.discard();
    await fixture.depot.rows(`update media set settled_at = clock_timestamp()`);
    await replica.purge();
    await fixture.expectNothing();
  });

  const inFiles: [string, () => Promise<unknown>][] = [
    ['are fewer', async () => truncate(partial(), HALF - 1)],
    ['were finished since', async () => rename(partial(), fixture.pathOf(id))],
  ];
  const anywhere: [string, () => Promise<unknown>][] = [
    ['are gone', async () => fixture.stores.of(ONE, 0).remove(id as never)],
  ];
  it.each(name === 'S3' ? anywhere : [...anywhere, ...inFiles])(
    'ends with a restore when its bytes %s',
    async (_how, change) => {
      await change();
      expect(await restore()).toEqual([id]);
      await expect(replica.view.run(fixture.root, id)).rejects.toMatchObject({ code: 'upload-gone' });
      expect(await fixture.used()).toBe(0);
      // What the doctor reports then, as bytes that no row names.
      await fixture.stores.of(ONE, 0).remove(id as never);
    },
  );
});
