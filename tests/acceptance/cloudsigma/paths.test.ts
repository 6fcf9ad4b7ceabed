import { randomUUID } from 'node:crypto';
import { send } from '../../support/http/client.ts';
import { expectFault, openCloud, createUser, type Cloud, type CloudScene } from './cloud.ts';

/** Every path with its methods. */
const PATHS: readonly (readonly [path: string, ...methods: string[]])[] = [
  ['/capabilities', 'GET'],
  ['/capabilities/schema', 'GET'],
  ['/drives', 'GET', 'POST', 'DELETE'],
  ['/drives/detail', 'GET'],
  ['/drives/schema', 'GET'],
  ['/drives/upload', 'POST'],
  ['/drives/upload/image.raw', 'POST'],
  [`/drives/${randomUUID()}`, 'GET', 'PUT', 'DELETE'],
  [`/drives/${randomUUID()}/download`, 'GET'],
  [`/drives/${randomUUID()}/upload`, 'GET', 'POST'],
  ['/initupload', 'POST'],
  [`/drives/${randomUUID()}/action`, 'POST'],
  ['/ips', 'GET'],
  ['/ips/detail', 'GET'],
  ['/ips/schema', 'GET'],
  ['/jobs', 'GET'],
  ['/jobs/detail', 'GET'],
  ['/jobs/schema', 'GET'],
  [`/jobs/${randomUUID()}`, 'GET'],
  ['/libdrives', 'GET'],
  ['/libdrives/detail', 'GET'],
  ['/libdrives/schema', 'GET'],
  [`/libdrives/${randomUUID()}`, 'GET'],
  [`/libdrives/${randomUUID()}/action`, 'POST'],
  ['/licenses', 'GET'],
  ['/licenses/detail', 'GET'],
  ['/licenses/schema', 'GET'],
  ['/profile', 'GET', 'PUT'],
  ['/profile/schema', 'GET'],
  ['/servers', 'GET', 'POST'],
  ['/servers/detail', 'GET'],
  ['/servers/schema', 'GET'],
  [`/servers/${randomUUID()}`, 'GET', 'PUT', 'DELETE'],
  [`/servers/${randomUUID()}/action`, 'POST'],
  ['/tags', 'GET', 'POST'],
  ['/tags/detail', 'GET'],
  ['/tags/schema', 'GET'],
  [`/tags/${randomUUID()}`, 'GET', 'PUT', 'DELETE'],
  [`/tags/${randomUUID()}/drives`, 'GET'],
  [`/tags/${randomUUID()}/drives/detail`, 'GET'],
  [`/tags/${randomUUID()}/servers`, 'GET'],
  [`/tags/${randomUUID()}/servers/detail`, 'GET'],
  ['/vlans', 'GET'],
  ['/vlans/detail', 'GET'],
  ['/vlans/schema', 'GET'],
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

describe('Every path', () => {
  let scene: CloudScene;
  let ann: Cloud;
  beforeAll(async () => {
    scene = await openCloud();
    ann = (await createUser(scene)).cloud;
  });

  it.each(PATHS)('lists its methods, and refuses others: %s', async (path, ...methods) => {
    const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    for (const slash of ['', '/']) {
      const options = await ann.call(`OPTIONS ${path}${slash}`);
      expect([options.status, options.headers.allow]).toEqual([200, [...allowed, 'OPTIONS'].join(', ')]);
      for (const method of METHODS.filter((one) => !methods.includes(one))) {
        const answer = await ann.call(`${method} ${path}${slash}`);
        expectFault(answer, 405, 'validation');
        expect(answer.headers.allow).toBe([...allowed, 'OPTIONS'].join(', '));
      }
    }
  });

  it.each(PATHS)('has an id in each answer, and never redirects: %s', async (path, ...methods) => {
    const ids = new Set<unknown>();
    for (const method of methods) {
      for (const slash of ['', '/']) {
        const answer = await ann.call(`${method} ${path}${slash}`);
        expect(answer.status).toBeLessThan(500);
        expect([301, 302, 307, 308]).not.toContain(answer.status);
        expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
        ids.add(answer.headers['x-request-id']);
      }
    }
    expect(ids.size).toBe(2 * methods.length);
  });

  it.each(PATHS)('needs credentials: %s', async (path, ...methods) => {
    for (const method of [...methods, 'OPTIONS']) {
      const answer = await send(ann.url, { method, path: `/api/2.0${path}` });
      expectFault(answer, 401, 'permission');
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="/);
    }
  });

  it.each(PATHS.flatMap(([path]) => (path.endsWith('/schema') ? [path] : [])))(
    'describes every answered field: %s',
    async (path) => {
      const resource = path.replace('/schema', '');
      const { fields, ...schema } = await ann.ask<{ fields: Record<string, object> }>(`GET ${path}/`);
      expect(schema).toMatchObject({ default_format: 'application/json', default_limit: 20 });
      const response = await ann.ask<{ objects?: object[] }>(`GET ${resource}/`);
      const [one = {}] = response.objects ?? [response];
      expect(Object.keys(one).filter((name) => !Object.hasOwn(fields, name))).toEqual([]);
      for (const field of Object.values(fields)) {
        expect(field).toMatchObject({ help_text: expect.stringMatching(/./) as unknown });
      }
    },
  );

  it.each(['jobs', 'licenses'])('answers a list of %s and its details alike', async (resource) => {
    expect(await ann.ask(`GET /${resource}/detail/`)).toEqual(await ann.ask(`GET /${resource}/`));
  });

  it.each(['jobs', 'licenses'])('has no filters for %s, and ignores unknown parameters', async (resource) => {
    if (resource === 'jobs') await ann.ask(`POST /drives/${(await ann.make()).uuid}/action/?do=clone`);
    const all = await ann.ask(`GET /${resource}/?fields=uuid,name`);
    expect(await ann.ask(`GET /${resource}/?fields=uuid,name&state=none&name=none&uuid=none`)).toEqual(all);
  });
});
