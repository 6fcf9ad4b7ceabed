import { freshName, type Answer, type Client, type UploadOrder } from '../support/http/client.ts';
import { PARTIAL } from '../support/fixtures/pool-fixture.ts';
import { until } from '../support/waiting/until.ts';
import { ThrottledBody } from './throttled-body.ts';
import type { Replicas } from './replicas.ts';
import { bytesOf } from './expected-state.ts';

/** An upload that stalls after half of its bytes. */
export interface UnfinishedUpload {
  readonly name: string;
  readonly mid: string;
  readonly bytes: Uint8Array;
  readonly throttledBody: ThrottledBody;
  readonly answer: Promise<Answer>;
}

const SIZE_BYTES = 256 * 1024;

/** Begins an upload; resolves when half of it lies in the pool. */
export async function beginUpload(
  { records, poolFixtures }: Replicas,
  client: Client,
  order: Partial<UploadOrder> = {},
): Promise<UnfinishedUpload> {
  const name = freshName('upload');
  const bytes = bytesOf(SIZE_BYTES, name);
  const throttledBody = new ThrottledBody(bytes);
  throttledBody.open(SIZE_BYTES / 2);
  const headers = { 'content-length': SIZE_BYTES };
  const answer = client.upload({ group: 0, name, ...order, headers }, throttledBody);
  const mid = await until('the upload is admitted', async () => {
    const [row] = await records.rows(`select id from media where name = '${name}'`);
    return row === undefined ? null : String(row.id);
  });
  await until('half of it has arrived', async () => {
    const stored = await poolFixtures.get(1)!.stored();
    return stored.some(([file, size]) => file === `${PARTIAL}${mid}` && size === SIZE_BYTES / 2);
  });
  return { name, mid, bytes, throttledBody, answer };
}
