import { createHash, randomBytes } from 'node:crypto';
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { logIn } from '../../support/http/client.ts';
import { openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';
import { until } from '../../support/waiting/until.ts';
import { startReplica } from '../velocity/scene.ts';
import { codeOf, TusRequests } from './tus-requests.ts';
import { TusScene } from './tus-scene.ts';

const MIB = 1024 * 1024;
/** The first part has 8 MiB. */
const CONTENT = randomBytes(9 * MIB);
const sha256 = createHash('sha256').update(CONTENT).digest('hex');

describe('An upload over tus to a pool in S3', () => {
  let bucket: TestBucket;
  let test: TusScene;
  beforeAll(async () => {
    bucket = await openTestBucket();
    test = await TusScene.open({ bucket });
  });
  beforeEach(async () => test.refresh());

  const send = async (location: string, from: number, to: number): Promise<unknown> => {
    const { status } = await test.root.patch(location, from, CONTENT.subarray(from, to));
    return status;
  };

  async function keysOf(location: string): Promise<readonly string[]> {
    const id = location.slice('/uploads/'.length);
    return [...(await bucket.keys(id)).map(([key]) => key.slice(id.length)), ...(await bucket.openUploads(id))];
  }

  it('continues after each request and on another replica, and is an item with its last byte', async () => {
    const location = await test.root.created(CONTENT.length, test.metadata({ sha256 }));
    expect(await send(location, 0, MIB)).toBe(204);
    expect(await keysOf(location)).toEqual([`.tail-1-0-${MIB}`]);
    const replica = await startReplica(test.scene);
    const other = TusRequests.by(await logIn(replica.url));
    expect(await other.offset(location)).toBe(MIB);
    expect((await other.patch(location, MIB, CONTENT.subarray(MIB, 8 * MIB + 5))).status).toBe(204);
    await test.expectFinished(await test.root.patch(location, 8 * MIB + 5, CONTENT.subarray(8 * MIB + 5)), CONTENT);
    expect(await keysOf(location)).toEqual(['']);
  });

  it('leaves nothing when it is deleted', async () => {
    const location = await test.root.created(CONTENT.length, test.metadata());
    expect(await send(location, 0, 8 * MIB + 5)).toBe(204);
    expect((await test.root.remove(location)).status).toBe(204);
    await until('everything is deleted', async () => (await keysOf(location)).length === 0);
  });

  it('leaves nothing when its digest is wrong', async () => {
    const location = await test.root.created(CONTENT.length, test.metadata({ sha256: sha256.replace(/./g, 'a') }));
    const answer = await test.root.patch(location, 0, CONTENT);
    expect([answer.status, codeOf(answer)]).toEqual([422, 'digest-mismatch']);
    await until('everything is deleted', async () => (await keysOf(location)).length === 0);
  });

  it('is gone when the server has forgotten it', async () => {
    const location = await test.root.created(CONTENT.length, test.metadata());
    expect(await send(location, 0, 8 * MIB + 5)).toBe(204);
    const { bucket: Bucket } = bucket.location;
    const { Uploads = [] } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket }));
    for (const { Key, UploadId } of Uploads) {
      await bucket.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
    const answer = await test.root.patch(location, 8 * MIB + 5, CONTENT.subarray(8 * MIB + 5));
    expect([answer.status, codeOf(answer)]).toEqual([410, 'upload-gone']);
    await until('everything is deleted', async () => (await keysOf(location)).length === 0);
  });
});
