import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RawConnection, head } from '../support/http/raw-http.ts';
import { freshName, type Answer } from '../support/http/client.ts';
import { until } from '../support/waiting/until.ts';
import { APPENDED, codeOf, TUS, TusRequests } from '../acceptance/tus/tus-requests.ts';
import { startReplicas, type Replicas } from './replicas.ts';

const LENGTH = 200_000;
const FIRST = 50_000;

describe('An upload of two replicas', () => {
  let replicas: Replicas;
  let first: TusRequests;
  let second: TusRequests;
  let bytes: Buffer;
  let location: string;
  beforeAll(async () => {
    replicas = await startReplicas({ env: { PLATTER_SHUTDOWN_GRACE: '1' } });
    // A restarted program has another port.
    const [one, other] = replicas.platters;
    first = new TusRequests(() => one.url, `Bearer ${replicas.roots[0].authkey}`);
    second = new TusRequests(() => other.url, `Bearer ${replicas.roots[1].authkey}`);
  });
  beforeEach(async () => {
    bytes = randomBytes(LENGTH);
    location = await first.created(LENGTH, { filename: freshName('upload'), group: '0' });
    expect((await first.patch(location, 0, bytes.subarray(0, FIRST))).status).toBe(204);
  });
  afterEach(() => {
    // A stopped process would block the end of a failed test.
    replicas.platters[0].process.kill('SIGCONT');
  });
  afterAll(async () => replicas.stop());

  const id = (): string => location.replace('/uploads/', '');

  /** Begins to send the rest to the first replica, which has the lease when this resolves. */
  async function sendSome(): Promise<RawConnection> {
    const connection = await RawConnection.open(replicas.platters[0].url);
    await connection.send(
      head(`PATCH ${location}`, {
        ...TUS,
        authorization: first.authorization,
        'content-type': APPENDED,
        'content-length': LENGTH - FIRST,
        'upload-offset': FIRST,
      }),
    );
    await connection.send(bytes.subarray(FIRST, 2 * FIRST));
    await until('the lease', async () => {
      const rows = await replicas.records.rows(`select id from uploads where lease_until is not null`);
      return rows.some((row) => row.id === id());
    });
    return connection;
  }

  /** Sends the rest to the second replica, as a client does: again after each 423. */
  async function continued(): Promise<{ readonly answer: Answer; readonly refused: readonly Answer[] }> {
    const refused: Answer[] = [];
    const answer = await until('it is taken over', async () => {
      const at = await second.offset(location);
      const sent = await second.patch(location, at, bytes.subarray(at));
      if (sent.status !== 423) return sent;
      refused.push(sent);
      return null;
    });
    return { answer, refused };
  }

  async function expectFinished(answer: Answer): Promise<void> {
    expect([answer.status, answer.headers['platter-media']]).toEqual([204, id()]);
    expect(Buffer.compare((await replicas.roots[1].read(id())).bytes, bytes)).toBe(0);
    await replicas.roots[1].ask('DELETE /m/media', { mid: id() });
  }

  it('is continued by the other when the one that had it was killed, after 423 while its lease lasts', async () => {
    const connection = await sendSome();
    await replicas.platters[0].kill('SIGKILL');
    const { answer, refused } = await continued();
    for (const one of refused) expect([codeOf(one), one.headers['retry-after']]).toEqual(['upload-locked', '1']);
    await expectFinished(answer);
    connection.hangUp();
    await replicas.platters[0].restart();
  });

  it('is continued by the other when the one that had it is stopped, which writes nothing of it later', async () => {
    const connection = await sendSome();
    replicas.platters[0].process.kill('SIGSTOP');
    // Other bytes than the client sends to the second replica: a late write would be seen.
    await connection.send(randomBytes(FIRST));
    const { answer } = await continued();
    replicas.platters[0].process.kill('SIGCONT');
    expect([423, 503]).toContain((await connection.answer()).status);
    await expectFinished(answer);
  });

  it('is continued by the other at once, with all that arrived, when the one that had it shuts down', async () => {
    const connection = await sendSome();
    await replicas.platters[0].kill('SIGTERM');
    expect(await second.offset(location)).toBe(2 * FIRST);
    await expectFinished(await second.patch(location, 2 * FIRST, bytes.subarray(2 * FIRST)));
    connection.hangUp();
    await replicas.platters[0].restart();
  });

  it('is verified by the other when the one that had all its bytes was killed', async () => {
    await replicas.platters[0].kill('SIGKILL');
    await appendFile(join(replicas.poolFixtures.get(1)!.folder!, `.partial-${id()}`), bytes.subarray(FIRST));
    // Between the record of the last byte and the item.
    await replicas.records.rows(
      `update uploads set received = length, state = 'verifying', lease_until = 'infinity' where id = '${id()}'`,
    );
    expect(await second.head(location)).toMatchObject({ status: 423, headers: { 'retry-after': '1' } });
    const last = await second.patch(location, LENGTH, '');
    expect([last.status, codeOf(last)]).toEqual([423, 'upload-verifying']);
    await replicas.records.rows(`update uploads set lease_until = clock_timestamp() where id = '${id()}'`);
    const found = await until('it is finished', async () => {
      const answer = await second.head(location);
      return answer.status === 423 ? null : answer;
    });
    expect([found.status, found.headers['upload-offset']]).toEqual([200, String(LENGTH)]);
    await expectFinished({ ...found, status: 204 });
    await replicas.platters[0].restart();
  });

  it('expires at the other when the one that had it was killed, and leaves nothing', async () => {
    await replicas.platters[0].kill('SIGKILL');
    await replicas.records.rows(`update uploads set expires_at = clock_timestamp() where id = '${id()}'`);
    await until('it is gone', async () => (await second.head(location)).status === 410);
    expect(codeOf(await second.patch(location, FIRST, bytes.subarray(FIRST)))).toBe('upload-gone');
    await until('its item is gone', async () => (await replicas.records.rows('select id from media')).length === 0);
    expect(await replicas.poolFixtures.get(1)!.stored()).toEqual([]);
    await replicas.platters[0].restart();
  });
});
