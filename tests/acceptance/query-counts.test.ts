import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TUS } from '../../src/adapters/http/tus/openapi.ts';
import { freshName, type Answer } from '../support/http/client.ts';
import { recordQueries } from '../support/database/recorded-queries.ts';
import type { Change } from './audit/change.ts';
import { CLOUDSIGMA_CHANGES } from './audit/cloudsigma-changes.ts';
import { AuditFixture } from './audit/audit-fixture.ts';
import { TusRequests } from './tus/tus-requests.ts';
import { VELOCITY_CHANGES } from './audit/velocity-changes.ts';
import { drive, type Listed } from './cloudsigma/cloud.ts';

/**
 * The exact number of statements of each read, including authentication and the begin and end of
 * transactions.
 */
const VELOCITY_READS: Readonly<Record<string, number>> = {
  'POST /u/user': 5,
  'POST /u/user/list': 3,
  'POST /u/group': 3,
  'POST /u/group/list': 3,
  'POST /m/pool/list': 3,
  'POST /m/media/list': 3,
  'POST /v/vm/list': 1,
  'POST /v/nic/list': 1,
  'GET /m/media/{mid}/content': 5,
};
const CLOUDSIGMA_READS: Readonly<Record<string, number>> = {
  'GET /capabilities': 1,
  'GET /capabilities/schema': 1,
  'GET /drives': 8,
  'GET /drives/detail': 8,
  'GET /drives/schema': 1,
  'GET /drives/{uuid}': 13,
  'GET /drives/{uuid}/upload': 3,
  'GET /drives/{uuid}/download': 10,
  'GET /ips': 1,
  'GET /ips/detail': 1,
  'GET /ips/schema': 1,
  'GET /jobs': 3,
  'GET /jobs/detail': 3,
  'GET /jobs/schema': 1,
  'GET /jobs/{uuid}': 2,
  'GET /libdrives': 2,
  'GET /libdrives/detail': 2,
  'GET /libdrives/schema': 1,
  'GET /libdrives/{uuid}': 2,
  'GET /licenses': 3,
  'GET /licenses/detail': 3,
  'GET /licenses/schema': 1,
  'GET /profile': 2,
  'GET /profile/schema': 1,
  'GET /servers': 5,
  'GET /servers/detail': 5,
  'GET /servers/schema': 1,
  'GET /servers/{uuid}': 4,
  'GET /tags': 5,
  'GET /tags/detail': 5,
  'GET /tags/schema': 1,
  'GET /tags/{uuid}': 4,
  'GET /tags/{uuid}/drives': 11,
  'GET /tags/{uuid}/drives/detail': 11,
  'GET /tags/{uuid}/servers': 8,
  'GET /tags/{uuid}/servers/detail': 8,
  'GET /vlans': 1,
  'GET /vlans/detail': 1,
  'GET /vlans/schema': 1,
};

/**
 * The maximum number of statements of each change, for the calls of the audit tables, some of which
 * change several objects. A change of definitions locks and counts those of the user: after the
 * change, and before it if it may shorten them.
 */
const MAX_STATEMENTS: Readonly<Record<string, number>> = {
  'POST /u/auth': 7,
  'PATCH /u/auth': 6,
  'DELETE /u/auth': 4,
  'PUT /u/user': 9,
  'PATCH /u/user': 9,
  'DELETE /u/user': 9,
  'PUT /u/user/permission': 9,
  'DELETE /u/user/permission': 10,
  'PUT /u/group': 7,
  'DELETE /u/group': 14,
  'PUT /m/pool/assign': 8,
  'DELETE /m/pool/assign': 9,
  'PUT /m/media/create': 14,
  'PUT /m/media/upload': 14,
  'DELETE /m/media': 25,
  'POST /drives': 41,
  'DELETE /drives': 45,
  'POST /drives/upload': 22,
  'POST /drives/upload/{file_name}': 22,
  'PUT /drives/{uuid}': 32,
  'DELETE /drives/{uuid}': 25,
  'POST /drives/{uuid}/action': 50,
  'POST /initupload': 41,
  'POST /drives/{uuid}/upload': 60,
  'POST /chunks/{token}': 60,
  'POST /libdrives/{uuid}/action': 27,
  'PUT /profile': 8,
  'POST /servers': 24,
  'PUT /servers/{uuid}': 24,
  'DELETE /servers/{uuid}': 31,
  'POST /tags': 17,
  'PUT /tags/{uuid}': 12,
  'DELETE /tags/{uuid}': 6,
};

/** A PATCH acquires a lease, finishes the item and remembers the upload. */
const MAX_TUS_STATEMENTS: Readonly<Record<string, number>> = {
  'POST /uploads/': 16,
  'HEAD /uploads/{id}': 8,
  'PATCH /uploads/{id}': 36,
  'DELETE /uploads/{id}': 25,
};

/** Asks for the only chunk of an upload of five bytes. */
const CHUNK_QUERY = '?resumableChunkNumber=1&resumableChunkSize=5&resumableTotalSize=5';

const named = (changes: readonly Change[]): readonly [string, Change][] =>
  changes.map((change) => [change.route, change]);

describe('The statements of a route', () => {
  let fixture: AuditFixture;
  let ids: Readonly<Record<string, string>>;
  let statementCount = 0;
  beforeAll(async () => {
    fixture = await AuditFixture.open();
    const [medium, tag, published] = [await fixture.drive(), await fixture.tag(), await fixture.published()];
    await fixture.boss.ask(`POST /drives/${medium}/action/?do=clone`, {});
    const { objects } = await fixture.boss.ask<Listed<{ uuid: string }>>('GET /jobs/');
    const server = await fixture.host(published);
    const { objects: uploads } = await fixture.boss.ask<Listed>('POST /initupload/', { ...drive(), size: 5 });
    const chunked = uploads[0]!.uuid;
    const path = `POST /drives/${chunked}/action/?do=upload_chunk`;
    const { link } = await fixture.boss.ask<{ link: string }>(path, { chunk_number: 0, chunk_size: 5 });
    await fixture.boss.send(`POST ${link.replace('/api/2.0', '')}`, 'bytes');
    ids = {
      'GET /drives/{uuid}/upload': chunked,
      drives: await fixture.drive(),
      tags: tag,
      libdrives: published,
      servers: server,
      jobs: objects[0]!.uuid,
    };
    recordQueries(fixture.server.depot.pool, () => (statementCount += 1));
  });
  afterAll(async () => fixture.close());

  async function statementsOf(ask: () => Promise<Answer>): Promise<number> {
    statementCount = 0;
    const { status, text } = await ask();
    expect([status < 300, text]).toEqual([true, text]);
    return statementCount;
  }

  it('are listed for every route that reads', async () => {
    const tables = { velocity: VELOCITY_READS, cloudsigma: CLOUDSIGMA_READS };
    for (const [dialect, table] of Object.entries(tables)) {
      const folder = join(import.meta.dirname, '..', '..', 'src', 'adapters', 'http', dialect);
      const routes = (await readFile(join(folder, 'routes.ts'), 'utf8')).matchAll(/^ {4}'(GET \/\S*)':/gm);
      const gets = Object.keys(table).filter((route) => route.startsWith('GET '));
      expect(new Set([...routes].map(([, route]) => route))).toEqual(new Set(gets));
    }
  });

  it.each(Object.entries(VELOCITY_READS))('for %s are %i', async (route, statements) => {
    const { root, group, user } = fixture;
    const mid = await fixture.media();
    const look = async (): Promise<Answer> =>
      route.startsWith('GET ') ? root.read(mid) : root.call(route, { gid: group, uid: user.uid });
    expect(await statementsOf(look)).toBe(statements);
  });

  it.each(Object.entries(CLOUDSIGMA_READS))('for %s are %i', async (route, statements) => {
    const kind = /\/(\w+)\/\{uuid\}/.exec(route)?.[1] ?? '';
    const path = route.replace('{uuid}', ids[route] ?? ids[kind] ?? '');
    const query = route.endsWith('/upload') ? CHUNK_QUERY : '';
    expect(await statementsOf(async () => fixture.boss.call(`${path}/${query}`))).toBe(statements);
  });

  it.each(Object.keys(TUS.calls))('for %s are limited', async (route) => {
    const uploads = TusRequests.by(fixture.root);
    const metadata = { filename: freshName('upload'), group: String(fixture.group) };
    const location = await uploads.created(5, metadata);
    const calls: Readonly<Record<string, () => Promise<Answer>>> = {
      'POST /uploads/': async () => uploads.create(5, { ...metadata, filename: freshName('upload') }),
      'HEAD /uploads/{id}': async () => uploads.head(location),
      'PATCH /uploads/{id}': async () => uploads.patch(location, 0, 'bytes'),
      'DELETE /uploads/{id}': async () => uploads.remove(location),
    };
    const statements = await statementsOf(calls[route]!);
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(MAX_TUS_STATEMENTS[route]!);
  });

  it.each(named([...VELOCITY_CHANGES, ...CLOUDSIGMA_CHANGES]))('for %s are limited', async (route, { done }) => {
    const { ask } = await done(fixture);
    const statements = await statementsOf(ask);
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(MAX_STATEMENTS[route]!);
  });
});
