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
    const reconcile = new ReconcileRestored(fixture.work, fixture.stores, randomUUID() as InstanceId);
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
