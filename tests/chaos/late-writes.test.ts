import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { APPENDED, TUS, TusRequests } from '../acceptance/tus/tus-requests.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { freshName, send, type Answer } from '../support/http/client.ts';
import { head, RawConnection } from '../support/http/raw-http.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { until } from '../support/waiting/until.ts';
import { startReplicas, type Replicas } from './replicas.ts';

const LENGTH = 300_000;
const OCTETS = { 'content-type': 'application/octet-stream' };
const BASIC = { authorization: `Basic ${Buffer.from(`root:${ROOT_PASSWORD}`).toString('base64')}` };

describe('A write that waits in a thread while its process is stopped', () => {
  let replicas: Replicas;
  let hold: string;
  const content = randomBytes(LENGTH);
  beforeAll(async () => {
    hold = join(await temporaryFolder(), 'hold');
    const preload = pathToFileURL(join(import.meta.dirname, 'held-writes.mjs')).href;
    replicas = await startReplicas({ env: { NODE_OPTIONS: `--import ${preload}`, TEST_HOLD_WRITES: hold } });
  });
  beforeEach(async () => rm(`${hold}.held`, { force: true }));
  afterEach(async () => {
    await rm(hold, { force: true });
    replicas.platters[0].process.kill('SIGCONT');
  });
  afterAll(async () => replicas.stop());

  /** Sends other bytes than `content`, and stops the first replica before it has written them. */
  async function stopBeforeWrite(requestHead: string): Promise<RawConnection> {
    await writeFile(hold, '');
    const connection = await RawConnection.open(replicas.platters[0].url);
    await connection.send(requestHead);
    await connection.send(randomBytes(LENGTH));
    await until('the write waits', () => existsSync(`${hold}.held`));
    replicas.platters[0].process.kill('SIGSTOP');
    await rm(hold);
    return connection;
  }

  /** Lets the first replica go on, and requires that the item has only the bytes of the second. */
  async function expectUntouched(connection: RawConnection, mid: string): Promise<void> {
    replicas.platters[0].process.kill('SIGCONT');
    expect([410, 416, 423, 503]).toContain((await connection.answer()).status);
    expect(Buffer.compare((await replicas.roots[1].read(mid)).bytes, content)).toBe(0);
    await replicas.roots[1].ask('DELETE /m/media', { mid });
  }

  it('is not carried out once another replica has the upload', async () => {
    const [one, other] = replicas.platters;
    const first = new TusRequests(() => one.url, `Bearer ${replicas.roots[0].authkey}`);
    const second = new TusRequests(() => other.url, `Bearer ${replicas.roots[1].authkey}`);
    const location = await first.created(LENGTH, { filename: freshName('upload'), group: '0', type: 'DISK' });
    const headers = { ...TUS, authorization: first.authorization, 'content-type': APPENDED };
    const connection = await stopBeforeWrite(
      head(`PATCH ${location}`, { ...headers, 'content-length': LENGTH, 'upload-offset': 0 }),
    );
    const answer = await until('it is taken over', async () => {
      const sent = await second.patch(location, 0, content);
      return sent.status === 423 ? null : sent;
    });
    expect(answer.status).toBe(204);
    await expectUntouched(connection, location.replace('/uploads/', ''));
  });

  it('is not carried out once another replica has the chunk', async () => {
    const [one, other] = replicas.platters;
    const ask = async (path: string, body: object): Promise<Answer> =>
      send(one.url, {
        method: 'POST',
        path: `/api/2.0${path}`,
        headers: { ...BASIC, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const begun = await ask('/initupload/', { name: freshName('drive'), media: 'disk', size: LENGTH });
    const [{ uuid }] = (begun.body as { objects: [{ uuid: string }] }).objects;
    const order = { chunk_number: 0, chunk_size: LENGTH };
    const { link } = (await ask(`/drives/${uuid}/action/?do=upload_chunk`, order)).body as { link: string };
    const connection = await stopBeforeWrite(head(`POST ${link}`, { ...OCTETS, 'content-length': LENGTH }));
    const answer = await until('it is taken over', async () => {
      const sent = await send(other.url, { method: 'POST', path: link, headers: OCTETS, body: content });
      return sent.status === 503 || sent.status === 423 ? null : sent;
    });
    expect(answer.status).toBe(200);
    await expectUntouched(connection, uuid);
  });
});
