import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { ThrottledBody } from './throttled-body.ts';
import { patterned, sha256 } from '../support/files/byte-sources.ts';
import { logIn, sendAnywhere, type Answer, type Client } from '../support/http/client.ts';
import { missingForNginx, startNginx, titleWithNginx, type Nginx } from '../support/http/nginx.ts';
import { startPlatter, type Platter } from '../support/program/platter.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { PARTIAL } from '../support/fixtures/pool-fixture.ts';
import { until } from '../support/waiting/until.ts';
import { documentText } from '../acceptance/readme/document.ts';

const CONTENT = patterned(4 * 1024 ** 2);

/** An upload whose progress the test controls. */
interface Upload {
  readonly mid: string;
  readonly throttledBody: ThrottledBody;
  readonly answer: Promise<Answer>;
  /** Sends up to this many bytes in all; resolves when they lie in the pool. */
  reach(bytes: number): Promise<void>;
}

describe('The documented nginx', () => {
  const isMissing = missingForNginx() !== null;
  let platter: Platter;
  let nginx: Nginx;
  let root: Client;
  beforeAll(async () => {
    if (isMissing) return;
    platter = await startPlatter({
      env: { PLATTER_TRUSTED_PROXIES: '127.0.0.1', PLATTER_LEASE: '3' },
      wrapper: () => [],
    });
    nginx = await startNginx(platter.port);
    root = await logIn(nginx.url);
  });
  afterAll(async () => (isMissing ? undefined : nginx.stop()));

  /** Defines a test that does nothing without nginx, and says so in its title. */
  function itWithNginx(what: string, test: () => Promise<void>): void {
    it(
      titleWithNginx(what),
      async () => {
        if (!isMissing) await test();
      },
      120_000,
    );
  }

  async function begin(name: string, group = 0): Promise<Upload> {
    const throttledBody = new ThrottledBody(CONTENT);
    // The head is sent with the first byte.
    throttledBody.open(1);
    const answer = root.upload({ group, name, headers: { 'content-length': CONTENT.length } }, throttledBody);
    // Not awaited yet: a failure must not be unhandled.
    answer.catch(() => undefined);
    const mid = await until('the upload is admitted', async () => {
      const [row] = await rowsOf(platter.database.url, `select id from media where name = '${name}'`);
      return row === undefined ? null : String(row.id);
    });
    const partial = join(platter.poolFolder, `${PARTIAL}${mid}`);
    return {
      mid,
      throttledBody,
      answer,
      reach: async (bytes) => {
        throttledBody.open(bytes);
        await until(`${bytes} bytes of ${name} lie in the pool`, async () => {
          const partialFile = await stat(partial).catch(() => null);
          return partialFile?.size === bytes;
        });
      },
    };
  }

  itWithNginx('forwards an upload while it arrives, however slowly, without buffering', async () => {
    const upload = await begin('slow');
    for (const bytes of [1, 2, 1000, 100_000, CONTENT.length / 2, CONTENT.length - 1]) {
      await upload.reach(bytes);
      expect(await nginx.strays()).toEqual([]);
    }
    upload.throttledBody.open();
    expect(await upload.answer).toMatchObject({ status: 200, body: { mid: upload.mid, size: CONTENT.length } });
    const { bytes } = await root.read(upload.mid);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256(CONTENT));
    expect(await nginx.strays()).toEqual([]);
  });

  itWithNginx('forwards an error in the middle of the body', async () => {
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: 'short-lived', parent_gid: 0 });
    await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true });
    const upload = await begin('in vain', gid);
    await upload.reach(CONTENT.length / 2);
    await root.ask('DELETE /u/group', { gid });
    // The other half is never sent.
    expect(await upload.answer).toMatchObject({ status: 404, body: { code: 9217 } });
  });

  itWithNginx('forwards an error that comes before a large body was sent', async () => {
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: 'poor', parent_gid: 0 });
    await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 1, write: true, manage: true });
    const refused = await root.upload({ group: gid, name: 'too large' }, Buffer.alloc(8 * 1024 ** 2));
    expect(refused).toMatchObject({ status: 406, body: { code: 9221 } });
    await root.ask('DELETE /u/group', { gid });
  });

  itWithNginx('forwards ranges', async () => {
    const { mid } = (await root.upload({ group: 0, name: 'ranges' }, CONTENT)).body as { mid: string };
    const whole = await root.read(mid, {}, 'HEAD');
    expect(whole.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(CONTENT.length) });
    const part = await root.read(mid, { range: 'bytes=1000-1999', 'if-range': String(whole.headers.etag) });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 1000-1999/${CONTENT.length}`]);
    expect(part.bytes.equals(CONTENT.subarray(1000, 2000))).toBe(true);
    expect((await root.read(mid, { range: `bytes=${CONTENT.length}-` })).status).toBe(416);
    expect((await root.read(mid, { 'if-none-match': String(whole.headers.etag) })).status).toBe(304);
  });

  itWithNginx('forwards names unchanged', async () => {
    const name = `Größe ${'ß'.repeat(100)} 🙂`;
    const { mid } = (await root.upload({ group: 0, name }, 'x')).body as { mid: string };
    expect(await rowsOf(platter.database.url, `select name from media where id = '${mid}'`)).toEqual([{ name }]);
  });

  itWithNginx('hides the metrics under every spelling of their path', async () => {
    const spellings = [
      '/metrics',
      '/metrics/',
      '//metrics',
      '/METRICS',
      '/%6detrics',
      '/./metrics',
      '/x/../metrics',
      '/metrics?a',
    ];
    for (const path of spellings) {
      const answer = await sendAnywhere(nginx.url, { method: 'GET', path });
      expect([path, answer.status, answer.text.includes('platter_')]).toEqual([path, 404, false]);
    }
    expect((await sendAnywhere(platter.url, { method: 'GET', path: '/metrics' })).status).toBe(200);
  });

  itWithNginx('overrides X-Forwarded-For of clients', async () => {
    const guess = async (address: string): Promise<Answer> => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
      const body = JSON.stringify({ name: 'unknown', password: 'wrong' });
      return sendAnywhere(nginx.url, { method: 'POST', path: '/u/auth', headers, body });
    };
    const answers: Answer[] = [];
    await until('guesses are refused unchecked', async () => {
      answers.push(await guess(`192.0.2.${answers.length % 250}`));
      return answers.at(-1)?.text.includes('failed logins');
    });
    expect(answers[0]?.status).not.toBe(429);
  });

  itWithNginx('limits the logins of one client, with the error of the dialect', async () => {
    const ask = async (): Promise<Answer> => sendAnywhere(nginx.url, { method: 'POST', path: '//u/auth/' });
    const answers = await Promise.all(Array.from({ length: 100 }, ask));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({ code: 101 });
      expect([headers['retry-after'], headers['content-type']]).toEqual(['1', 'application/json']);
    }
    // Other calls have another limit.
    expect((await root.call('POST /m/pool/list', { gid: 0 })).status).toBe(200);
  });

  itWithNginx('requires TLS 1.2, and logs no query', async () => {
    await sendAnywhere(nginx.url, { method: 'GET', path: '/healthz?secret=1' });
    await until('the request is logged', async () => / GET \/healthz 200 /.test(await nginx.accessLog()));
    expect(await nginx.accessLog()).not.toContain('secret');
    const old = connect({
      port: nginx.port,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1',
      rejectUnauthorized: false,
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const connectResult = await new Promise<string>((resolve) => {
      old
        .once('secureConnect', () => resolve('spoken'))
        .once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code));
    });
    old.destroy();
    expect(connectResult).toMatch(/PROTOCOL_VERSION|ECONNRESET/);
  });

  itWithNginx('answers with the error of each dialect while Platter is down', async () => {
    await platter.kill('SIGTERM');
    const [velocity, cloudsigma] = await Promise.all(
      ['/m/pool/list', '/api/2.0/drives/'].map(async (path) => sendAnywhere(nginx.url, { method: 'POST', path })),
    );
    await platter.restart();
    for (const answer of [velocity!, cloudsigma!]) {
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
      expect(answer.headers['content-type']).toBe('application/json');
    }
    expect(velocity!.body).toMatchObject({ code: 301 });
    expect(cloudsigma!.body).toEqual([expect.objectContaining({ error_type: 'backend', error_point: null })]);
  });
});

it('The documented nginx has longer timeouts than Platter, and a shorter keep-alive', () => {
  const text = documentText('docs/nginx.conf');
  const seconds = (name: string): number => Number(new RegExp(`^ *${name} (\\d+)s;`, 'm').exec(text)?.[1]);
  for (const name of ['client_body_timeout', 'send_timeout', 'proxy_send_timeout', 'proxy_read_timeout'])
    expect([name, seconds(name) > 60]).toEqual([name, true]);
  expect(seconds('keepalive_timeout')).toBeLessThan(75);
});
