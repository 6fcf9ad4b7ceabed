import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { failureAnswer } from '../../../../src/adapters/http/tus/failure-answer.ts';
import { ROOT } from '../../../../src/adapters/http/tus/operations.ts';
import { tusRoutes, type TusUseCases } from '../../../../src/adapters/http/tus/routes.ts';
import { formatUploadMetadata } from '../../../../src/adapters/http/tus/upload-metadata.ts';
import type { UploadView } from '../../../../src/application/uploads/upload-view.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../../src/domain/shared/domain-error.ts';
import type { GroupId, MediaId, PoolId, UserId, UserUuid } from '../../../../src/domain/shared/ids.ts';

const ID = '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e' as MediaId;
const CALLER = { id: 1 as UserId, uuid: 'u' as UserUuid, name: 'ada' };
const OPEN: UploadView = {
  id: ID,
  name: 'a.iso',
  group: 7 as GroupId,
  pool: 1 as PoolId,
  length: bytes(10),
  offset: bytes(0),
  state: 'open',
  metadata: null,
  expiresAt: new Date('2026-12-01T00:00:00Z'),
  media: null,
};
const FINISHED: UploadView = { ...OPEN, offset: OPEN.length, state: 'finished', media: ID };
const TUS = { 'Tus-Resumable': '1.0.0' };
const BODY = { ...TUS, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' };
const CREATION = {
  ...TUS,
  'Upload-Length': '10',
  'Upload-Metadata': formatUploadMetadata({ filename: 'a.iso', group: '7' }),
};

const fails = async (error: Error): Promise<never> => Promise.reject(error);

describe('tus', () => {
  let server: Server;
  let use: TusUseCases;
  let appended: { offset: number; length: number | null; text: string; checksum: string | undefined }[];
  beforeEach(async () => {
    appended = [];
    use = {
      createUpload: { run: async () => Promise.resolve(OPEN) },
      viewUpload: { run: async () => Promise.resolve(OPEN) },
      appendToUpload: {
        run: async (_caller, _id, offset, { source, length, checksum }) => {
          const chunks: Uint8Array[] = [];
          for await (const chunk of source) chunks.push(chunk);
          appended.push({ offset, length, text: Buffer.concat(chunks).toString(), checksum: checksum?.algorithm });
          return FINISHED;
        },
      },
      abortUpload: { run: async () => Promise.resolve() },
      maxBytes: 1_000,
    };
    const app = express();
    const caller = async (): ReturnType<Parameters<typeof tusRoutes>[1]> => Promise.resolve(CALLER);
    app.use(ROOT, (request, response, next) =>
      tusRoutes(use, caller, { idleSeconds: 5, minBytesPerSecond: 0 })(request, response, next),
    );
    app.use(ROOT, failureAnswer);
    server = createServer(app);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function ask(
    method: string,
    path: string,
    headers: Record<string, string> = TUS,
    body?: string,
  ): Promise<Response> {
    const { port } = server.address() as AddressInfo;
    return fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  }

  it('tells OPTIONS what it can do, to anybody', async () => {
    const { status, headers } = await ask('OPTIONS', '/uploads/', {});
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,expiration,checksum,termination',
      'tus-checksum-algorithm': 'sha1,sha256,md5',
      'tus-max-size': '1000',
    });
  });

  it('lets pages of any origin send its headers, and read them', async () => {
    const preflight = {
      Origin: 'http://a.example',
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'tus-resumable,authorization',
    };
    const allowed = await ask('OPTIONS', `/uploads/${ID}`, preflight);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('*');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('tus-resumable,authorization');
    const { headers } = await ask('HEAD', `/uploads/${ID}`);
    for (const header of ['Upload-Offset', 'Location', 'Tus-Resumable', 'Platter-Media', 'Upload-Expires']) {
      expect(headers.get('access-control-expose-headers')).toContain(header);
    }
  });

  it('creates an upload at a relative location', async () => {
    const { status, headers } = await ask('POST', '/uploads/', CREATION);
    expect([status, headers.get('location')]).toEqual([201, `/uploads/${ID}`]);
    expect(headers.get('upload-expires')).toBe('Tue, 01 Dec 2026 00:00:00 GMT');
    expect(headers.get('upload-offset')).toBe('0');
    expect(appended).toEqual([]);
  });

  it('appends what comes with the creation', async () => {
    const { status, headers } = await ask(
      'POST',
      '/uploads',
      { ...CREATION, 'Content-Type': BODY['Content-Type'] },
      '0123456789',
    );
    expect([status, headers.get('upload-offset'), headers.get('platter-media')]).toEqual([201, '10', ID]);
    expect(appended).toEqual([{ offset: 0, length: 10, text: '0123456789', checksum: undefined }]);
  });

  it('creates nothing when the body has more bytes than the upload', async () => {
    let isCreated = false;
    use = { ...use, createUpload: { run: async () => ((isCreated = true), Promise.resolve(OPEN)) } };
    const answer = await ask('POST', '/uploads', { ...CREATION, 'Content-Type': BODY['Content-Type'] }, '0123456789!');
    expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ code: 'body-too-long' })]);
    expect(isCreated).toBe(false);
  });

  it('says where an upload stands', async () => {
    const { status, headers } = await ask('HEAD', `/uploads/${ID}`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'upload-offset': '0',
      'upload-length': '10',
      'upload-metadata': formatUploadMetadata({ filename: 'a.iso', group: '7', pool: '1' }),
      'cache-control': 'no-store',
      'tus-resumable': '1.0.0',
    });
    expect(headers.get('platter-media')).toBeNull();
  });

  it('returns the metadata as they were sent, in any order, with keys that mean nothing here', async () => {
    const metadata = 'x-note , group Nw==,filename YS5pc28=';
    use = { ...use, viewUpload: { run: async () => Promise.resolve({ ...OPEN, metadata }) } };
    expect((await ask('HEAD', `/uploads/${ID}`)).headers.get('upload-metadata')).toBe(metadata);
  });

  it('appends, and says what came of it', async () => {
    const digest = Buffer.alloc(20).toString('base64');
    const headers = { ...BODY, 'Upload-Checksum': `sha1 ${digest}` };
    const answer = await ask('PATCH', `/uploads/${ID}`, headers, '0123456789');
    expect([answer.status, answer.headers.get('upload-offset'), answer.headers.get('platter-media')]).toEqual([
      204,
      '10',
      ID,
    ]);
    expect(appended).toEqual([{ offset: 0, length: 10, text: '0123456789', checksum: 'sha1' }]);
  });

  it('takes another method than it was sent with', async () => {
    const { status } = await ask('POST', `/uploads/${ID}`, { ...BODY, 'X-HTTP-Method-Override': 'PATCH' }, 'bytes');
    expect([status, appended.length]).toEqual([204, 1]);
    expect((await ask('POST', `/uploads/${ID}`, { ...TUS, 'X-HTTP-Method-Override': 'DELETE' })).status).toBe(204);
    expect((await ask('POST', `/uploads/${ID}`, { ...TUS, 'X-HTTP-Method-Override': 'GET' })).status).toBe(400);
  });

  it.each<[string, number, string, string, Record<string, string>]>([
    ['without a version', 412, 'POST', '/uploads/', {}],
    ['of another version', 412, 'HEAD', `/uploads/${ID}`, { 'Tus-Resumable': '0.2.2' }],
    [
      'with a body of another type',
      415,
      'PATCH',
      `/uploads/${ID}`,
      { ...BODY, 'Content-Type': 'application/octet-stream' },
    ],
    ['with a coded body', 415, 'PATCH', `/uploads/${ID}`, { ...BODY, 'Content-Encoding': 'gzip' }],
    ['without an offset', 400, 'PATCH', `/uploads/${ID}`, { ...TUS, 'Content-Type': BODY['Content-Type'] }],
    ['with an offset that is none', 400, 'PATCH', `/uploads/${ID}`, { ...BODY, 'Upload-Offset': '-1' }],
    ['with a checksum that is none', 400, 'PATCH', `/uploads/${ID}`, { ...BODY, 'Upload-Checksum': 'crc32 AAAA' }],
    ['with another method', 405, 'PUT', `/uploads/${ID}`, TUS],
    ['with another method', 405, 'DELETE', '/uploads/', TUS],
    ['for another path', 404, 'HEAD', `/uploads/${ID}/more`, TUS],
    ['that is too large', 413, 'POST', '/uploads/', { ...CREATION, 'Upload-Length': '1001' }],
  ])('refuses a request %s (%i)', async (_what, status, method, path, headers) => {
    const answer = await ask(method, path, headers, method === 'PATCH' ? 'bytes' : undefined);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('tus-resumable')).toBe('1.0.0');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    if (status === 412) expect(answer.headers.get('tus-version')).toBe('1.0.0');
    if (method !== 'HEAD') expect(await answer.json()).toMatchObject({ status });
  });

  it.each<[DomainError, number, Readonly<Record<string, string>>]>([
    [new DomainError('upload-offset-mismatch', { offset: bytes(5) }), 409, { 'upload-offset': '5' }],
    [new DomainError('upload-locked', { retryAfterSeconds: 1 }), 423, { 'retry-after': '1' }],
    [new DomainError('upload-verifying', { retryAfterSeconds: 2 }), 423, { 'retry-after': '2' }],
    [new DomainError('body-too-slow'), 423, { 'retry-after': '1' }],
    [new DomainError('quota-exceeded', { needed: bytes(9), left: null, limitedBy: 'backend' }), 413, {}],
    [new DomainError('quota-exceeded', { needed: bytes(9), left: bytes(1), limitedBy: 'group' }), 403, {}],
    [new DomainError('checksum-mismatch'), 460, {}],
    [new DomainError('unknown-upload'), 404, {}],
    [new DomainError('upload-gone'), 410, {}],
    [new DomainError('body-too-long', { promised: bytes(10) }), 413, {}],
    [new DomainError('digest-mismatch'), 422, {}],
    [new DomainError('format-refused', { reason: 'no' }), 422, {}],
    [new DomainError('not-authenticated'), 401, { 'www-authenticate': 'Bearer realm="platter"' }],
    [new DomainError('unavailable', { retryAfterSeconds: 5 }), 503, { 'retry-after': '5' }],
  ])('answers %s with %i', async (error, status, headers) => {
    use = { ...use, appendToUpload: { run: async () => fails(error) } };
    const answer = await ask('PATCH', `/uploads/${ID}`, BODY, 'bytes');
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(headers);
    expect(await answer.json()).toMatchObject({ code: error.code, type: `/problems/${error.code}`, status });
  });

  it.each([
    new DomainError('unavailable', { retryAfterSeconds: 5 }),
    new DomainError('too-many-logins', { retryAfterSeconds: 5 }),
  ])('tells HEAD that it is locked where others are told %s', async (error) => {
    use = { ...use, viewUpload: { run: async () => fails(error) } };
    const { status, headers } = await ask('HEAD', `/uploads/${ID}`);
    expect([status, headers.get('retry-after')]).toEqual([423, '5']);
  });

  it('says that an upload is being verified', async () => {
    const verifying: UploadView = { ...FINISHED, state: 'verifying', media: null };
    use = { ...use, viewUpload: { run: async () => Promise.resolve(verifying) } };
    const { status, headers } = await ask('HEAD', `/uploads/${ID}`);
    expect([status, headers.get('retry-after')]).toEqual([423, '1']);
  });

  it('knows no upload by what is no id', async () => {
    const asked: unknown[] = [];
    use = {
      ...use,
      viewUpload: { run: async (_caller, id) => (asked.push(id), fails(new DomainError('unknown-upload'))) },
    };
    for (const id of ['1', '%00', 'x'.repeat(500), ID.toUpperCase()])
      expect((await ask('HEAD', `/uploads/${id}`)).status).toBe(404);
    expect(asked).toEqual([null, null, null, ID]);
  });
});
