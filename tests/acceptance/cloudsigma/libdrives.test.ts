import { expectFault, openCloud, createUser, type Cloud, type CloudScene, type Listed } from './cloud.ts';
import { libraryFile, untilReady, type Said } from './library-files.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { send } from '../../support/http/client.ts';

interface Libdrive {
  readonly uuid: string;
  readonly name: string;
  readonly media: string;
}

const UUID = '9a1f0e44-0000-4000-8000-000000000001';

const DRIVES: readonly Said[] = [
  {
    name: 'Harbour 3, server',
    uuid: UUID,
    os: 'linux',
    arch: 64,
    distribution: 'Harbour',
    version: '3.10',
    category: ['general', 'web'],
  },
  {
    name: 'harbour 100%',
    os: 'linux',
    arch: 32,
    distribution: 'Harbour',
    version: '3.1',
    category: ['web'],
    media: 'cdrom',
  },
  { name: 'Under_score', os: 'windows', category: ['other'], image_type: 'install', media: 'cdrom' },
  { name: 'Back\\slash of Ærø', os: 'a,b', category: ['general'], distribution: 'x\\' },
];
const ALL = DRIVES.map(({ name }) => name);
const [SERVER, PERCENT, UNDER, BACK] = ALL as [string, string, string, string];

describe('Library drives', () => {
  let scene: CloudScene;
  let stranger: Cloud;
  beforeAll(async () => {
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: await libraryFile(DRIVES) } });
    await untilReady(scene.platter);
    ({ cloud: stranger } = await createUser(scene, [], null));
  });

  const list = async (query = '', path = '/libdrives/'): Promise<Listed<Libdrive>> =>
    stranger.ask<Listed<Libdrive>>(`GET ${path}${query === '' ? '' : `?${query}`}`);
  const names = async (query = ''): Promise<readonly string[]> => (await list(query)).objects.map(({ name }) => name);

  it('are visible to every user, in the order of their publication', async () => {
    expect(await names()).toEqual(ALL);
    const headers = { authorization: new Array(2).join('x') };
    expect((await send(scene.platter.url, { method: 'GET', path: '/api/2.0/libdrives/', headers })).status).toBe(401);
  });

  it('are the same in the detailed list and one by one', async () => {
    const plain = await list();
    expect(await list('', '/libdrives/detail/')).toEqual(plain);
    for (const object of plain.objects) expect(await stranger.ask(`GET /libdrives/${object.uuid}/`)).toEqual(object);
    expect(plain.objects.map(({ media }) => media)).toEqual(['disk', 'cdrom', 'cdrom', 'disk']);
  });

  it('are found with and without the slash at the end', async () => {
    expect(await list('', '/libdrives')).toEqual(await list());
    expect((await stranger.call(`GET /libdrives/${UUID}`)).status).toBe(200);
  });

  it.each<[query: string, expected: readonly string[]]>([
    ['os=linux', [SERVER, PERCENT]],
    ['os=Linux', []],
    ['os=linux,windows', [SERVER, PERCENT, UNDER]],
    ['os=linux&os=windows', []],
    ['os=linux,windows&os=windows', [UNDER]],
    ['os=linux&arch=32', [PERCENT]],
    ['arch=64', [SERVER, UNDER, BACK]],
    ['category=web', [SERVER, PERCENT]],
    ['category=web&category=general', [SERVER]],
    ['category=other,general', [SERVER, UNDER, BACK]],
    ['distribution=Harbour&version=3.1', [PERCENT]],
    ['image_type=install', [PERCENT, UNDER]],
    ['image_type=preinst', [SERVER, BACK]],
    [`uuid=${UUID}`, [SERVER]],
    [`uuid=nonsense,${UUID}`, [SERVER]],
    ['uuid=nonsense', []],
    ['name=Harbour%203%5C%2C%20server', [SERVER]],
    ['name=Harbour%203%2C%20server', []],
    ['name=Under_score', [UNDER]],
    ['name=under_score', []],
    ['name=Under%25score', []],
    ['name__icontains=HARBOUR', [SERVER, PERCENT]],
    ['name__icontains=%C3%A6R%C3%98', [BACK]],
    ['name__icontains=0%25', [PERCENT]],
    ['name__icontains=r_s', [UNDER]],
    ['name__icontains=_', [UNDER]],
    ['name__icontains=%5C', [BACK]],
    ['name__icontains=back,UNDER', [UNDER, BACK]],
    ['name__icontains=harbour&name__icontains=server', [SERVER]],
    ['name__icontains=3%5C%2C', [SERVER]],
    ['os=a%5C%2Cb', [BACK]],
    ['os=a%2Cb', []],
    ['distribution=x%5C%5C%2CHarbour', [SERVER, PERCENT, BACK]],
    ['version=3.10', [SERVER]],
    ['name__contains=Harbour', ALL],
    ['description=nothing&paid=true&media=cdrom&nonsense=1', ALL],
    ['name=%00', []],
  ])('are filtered by %s', async (query, expected) => {
    const { meta, objects } = await list(query);
    expect(objects.map(({ name }) => name)).toEqual(expected);
    expect(meta).toEqual({ limit: 20, offset: 0, total_count: expected.length });
  });

  it.each<[query: string, limit: number, offset: number, expected: readonly string[]]>([
    ['limit=2', 2, 0, ALL.slice(0, 2)],
    ['limit=2&offset=2', 2, 2, ALL.slice(2)],
    ['limit=3&offset=3', 3, 3, ALL.slice(3)],
    ['offset=4', 20, 4, []],
    ['limit=0', 0, 0, ALL],
    ['limit=0&offset=1', 0, 1, ALL.slice(1)],
  ])('come in pages: %s', async (query, limit, offset, expected) => {
    expect(await list(query)).toMatchObject({
      meta: { limit, offset, total_count: 4 },
      objects: expected.map((name) => ({ name })),
    });
  });

  it.each([
    ['limit=x', ['limit']],
    ['limit=-1', ['limit']],
    ['offset=-1', ['offset']],
    ['limit=&offset=1.5', ['limit', 'offset']],
  ])('refuse a malformed page: %s', async (query, points) => {
    expect(expectFault(await stranger.call(`GET /libdrives/?${query}`), 400, 'validation')).toEqual(points);
  });

  it('have only the requested fields', async () => {
    expect((await list('fields=name,media,nonsense&limit=1')).objects).toEqual([{ name: SERVER, media: 'disk' }]);
    expect(await stranger.ask(`GET /libdrives/${UUID}/?fields=uuid`)).toEqual({ uuid: UUID });
  });

  it.each(['/libdrives/nonsense/', '/libdrives/9a1f0e44-0000-4000-8000-00000000dead/'])(
    'are not there at %s',
    async (path) => {
      expectFault(await stranger.call(`GET ${path}`), 404, 'notexist');
    },
  );

  it('are not listed among the drives', async () => {
    const order = { name: 'own', size: 1, media: 'disk' };
    const { uuid } = await scene.boss.make(order);
    expectFault(await stranger.call(`GET /libdrives/${uuid}/`), 404, 'notexist');
    expect(await names()).toEqual(ALL);
    await scene.boss.call(`DELETE /drives/${uuid}/`);
  });

  it.each([
    'POST /libdrives/',
    'PUT /libdrives/',
    'DELETE /libdrives/',
    'POST /libdrives/detail/',
    'POST /libdrives/schema/',
    `PUT /libdrives/${UUID}/`,
    `DELETE /libdrives/${UUID}/`,
    `POST /libdrives/${UUID}/`,
    'POST /licenses/',
    'DELETE /licenses/schema/',
  ])('can only be read: %s', async (operation) => {
    const answer = await scene.boss.call(operation, {});
    expectFault(answer, 405, 'validation');
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('can be viewed as a drive, and are in no list of drives', async () => {
    expect(await stranger.ask(`GET /drives/${UUID}/`)).toMatchObject({
      uuid: UUID,
      owner: null,
      name: SERVER,
      resource_uri: `/api/2.0/drives/${UUID}/`,
    });
    for (const path of ['/drives/', '/drives/detail/']) {
      expect(await scene.boss.ask(`GET ${path}?limit=0`)).toMatchObject({ meta: { total_count: 0 }, objects: [] });
    }
  });

  it.each(['PUT', 'DELETE'])('do not take %s as drives', async (method) => {
    expectFault(await scene.boss.call(`${method} /drives/${UUID}/`, { name: 'mine' }), 403, 'permission');
    expect(await names()).toEqual(ALL);
  });

  it('are not listed by Velocity, which does not remove them either', async () => {
    expect(await scene.root.ask('POST /m/media/list', { gid: 0 })).toEqual({ media: [] });
    expect(await scene.root.call('DELETE /m/media', { mid: UUID })).toMatchObject({
      status: 409,
      body: { code: 9320 },
    });
  });

  it('count in the root group', async () => {
    const [row] = await rowsOf(
      scene.platter.database.url,
      'select (select used from usage where group_id = 0)::int as used, (select sum(size) from media)::int as size',
    );
    expect(row!.used).toBe(row!.size);
  });
});
