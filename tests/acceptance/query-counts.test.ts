import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../support/http/client.ts';
import { recordQueries } from '../support/database/recorded-queries.ts';
import type { Change } from './audit/change.ts';
import { CLOUDSIGMA_CHANGES } from './audit/cloudsigma-changes.ts';
import { Stage } from './audit/stage.ts';
import { VELOCITY_CHANGES } from './audit/velocity-changes.ts';
import type { Listed } from './cloudsigma/cloud.ts';

/**
 * What each route asks the database, the question who is calling and the beginnings and ends of
 * transactions among it: exactly so much where it is only looked at something.
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
 * At most so much where something is changed, for the calls of the table of the audit: some of them
 * are about several objects. What writes definitions locks and counts those of the user: before the
 * change, if that may shorten them, and after it.
 */
const MOST: Readonly<Record<string, number>> = {
  'POST /u/auth': 7,
  'PATCH /u/auth': 6,
  'DELETE /u/auth': 4,
  'PUT /u/user': 9,
  'PATCH /u/user': 9,
  'DELETE /u/user': 9,
  'PUT /u/user/permission': 9,
  'DELETE /u/user/permission': 10,
  'PUT /u/group': 7,
  'DELETE /u/group': 13,
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
  'POST /libdrives/{uuid}/action': 27,
  'PUT /profile': 8,
  'POST /servers': 24,
  'PUT /servers/{uuid}': 24,
  'DELETE /servers/{uuid}': 31,
  'POST /tags': 17,
  'PUT /tags/{uuid}': 12,
  'DELETE /tags/{uuid}': 6,
};

const named = (changes: readonly Change[]): readonly [string, Change][] =>
  changes.map((change) => [change.route, change]);

describe('The questions that a route asks the database', () => {
  let stage: Stage;
  let ids: Readonly<Record<string, string>>;
  let asked = 0;
  beforeAll(async () => {
    stage = await Stage.open();
    const [medium, tag, shown] = [await stage.drive(), await stage.tag(), await stage.published()];
    await stage.boss.ask(`POST /drives/${medium}/action/?do=clone`, {});
    const { objects } = await stage.boss.ask<Listed<{ uuid: string }>>('GET /jobs/');
    const server = await stage.host(shown);
    ids = { drives: await stage.drive(), tags: tag, libdrives: shown, servers: server, jobs: objects[0]!.uuid };
    recordQueries(stage.server.depot.pool, () => (asked += 1));
  });
  afterAll(async () => stage.close());

  async function questionsOf(ask: () => Promise<Answer>): Promise<number> {
    asked = 0;
    const { status, text } = await ask();
    expect([status < 300, text]).toEqual([true, text]);
    return asked;
  }

  it('are told here for every route that only looks at something', async () => {
    const tables = { velocity: VELOCITY_READS, cloudsigma: CLOUDSIGMA_READS };
    for (const [dialect, table] of Object.entries(tables)) {
      const folder = join(import.meta.dirname, '..', '..', 'src', 'adapters', 'http', dialect);
      const routes = (await readFile(join(folder, 'routes.ts'), 'utf8')).matchAll(/^ {4}'(GET \/\S*)':/gm);
      const gets = Object.keys(table).filter((route) => route.startsWith('GET '));
      expect(new Set([...routes].map(([, route]) => route))).toEqual(new Set(gets));
    }
  });

  it.each(Object.entries(VELOCITY_READS))('for %s are %i', async (route, questions) => {
    const { root, group, user } = stage;
    const mid = await stage.media();
    const look = async (): Promise<Answer> =>
      route.startsWith('GET ') ? root.read(mid) : root.call(route, { gid: group, uid: user.uid });
    expect(await questionsOf(look)).toBe(questions);
  });

  it.each(Object.entries(CLOUDSIGMA_READS))('for %s are %i', async (route, questions) => {
    const kind = /\/(\w+)\/\{uuid\}/.exec(route)?.[1] ?? '';
    const path = route.replace('{uuid}', ids[kind] ?? '');
    expect(await questionsOf(async () => stage.boss.call(`${path}/`))).toBe(questions);
  });

  it.each(named([...VELOCITY_CHANGES, ...CLOUDSIGMA_CHANGES]))('for %s are bounded', async (route, { done }) => {
    const { ask } = await done(stage);
    const questions = await questionsOf(ask);
    expect(questions).toBeGreaterThan(0);
    expect(questions).toBeLessThanOrEqual(MOST[route]!);
  });
});
