import {
  drive,
  createColleague,
  EVERYTHING,
  expectFault,
  openCloud,
  createUser,
  type Cloud,
  type CloudScene,
  type Listed,
} from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';
import { makeServer, makeTag, server, type Mounting, type Server, type Tag } from './server-fixtures.ts';

const CD = '9a1f0e44-0000-4000-8000-000000000001';

describe('Tags', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    const file = await libraryFile([{ name: 'Harbour installer', uuid: CD, media: 'cdrom' }]);
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: file } });
    await untilReady(scene.platter);
    ({ cloud: ann, gid } = await createUser(scene));
  });

  const tagsOn = async (cloud: Cloud, path: string): Promise<readonly string[]> =>
    (await cloud.ask<Mounting>(`GET ${path}`)).tags.map(({ uuid }) => uuid);
  const resourcesOf = async (cloud: Cloud, uuid: string): Promise<ReadonlySet<string>> =>
    new Set((await cloud.ask<Tag>(`GET /tags/${uuid}/`)).resources.map((one) => one.uuid));
  const listed = async (cloud: Cloud, path: string): Promise<readonly string[]> => {
    const { meta, objects } = await cloud.ask<Listed>(`GET ${path}`);
    expect(meta.total_count).toBe(objects.length);
    return objects.map(({ uuid }) => uuid);
  };

  it('are set by their own updates, as uuids and as objects', async () => {
    const [some, own] = [await ann.make(), await makeServer(ann)];
    const { uuid } = await makeTag(ann, { resources: [some.uuid, { uuid: own.uuid, res_type: 'ignored' }] });
    expect(await tagsOn(ann, `/drives/${some.uuid}/`)).toEqual([uuid]);
    expect(await ann.ask(`GET /servers/${own.uuid}/`)).toMatchObject({
      tags: [{ uuid, resource_uri: `/api/2.0/tags/${uuid}/` }],
    });
    await ann.ask(`PUT /tags/${uuid}/`, { resources: [own.uuid.toUpperCase()] });
    expect(await tagsOn(ann, `/drives/${some.uuid}/`)).toEqual([]);
    expect(await resourcesOf(ann, uuid)).toEqual(new Set([own.uuid]));
  });

  it('are set by updates of drives and servers', async () => {
    const [one, two] = [await makeTag(ann), await makeTag(ann)];
    const { objects } = await ann.ask<Listed>('POST /drives/', { ...drive(), tags: [one.uuid, { uuid: two.uuid }] });
    const some = objects[0]!.uuid;
    const own = await makeServer(ann, [], { tags: [two] });
    expect(await tagsOn(ann, `/drives/${some}/`)).toEqual([one.uuid, two.uuid]);
    expect(await resourcesOf(ann, two.uuid)).toEqual(new Set([some, own.uuid]));

    await ann.ask(`PUT /drives/${some}/`, { tags: [two.uuid] });
    expect(await resourcesOf(ann, one.uuid)).toEqual(new Set());
    await ann.ask(`PUT /drives/${some}/`, { name: 'keeps its tags' });
    await ann.ask(`PUT /servers/${own.uuid}/`, { name: 'keeps its tags' });
    expect(await resourcesOf(ann, two.uuid)).toEqual(new Set([some, own.uuid]));
    await ann.ask(`PUT /servers/${own.uuid}/`, { tags: [] });
    expect(await resourcesOf(ann, two.uuid)).toEqual(new Set([some]));
    const whole = await ann.get(some);
    expect(await ann.ask(`PUT /drives/${some}/`, whole)).toEqual(whole);
  });

  it('keep absent fields in an update, and can share a name', async () => {
    const made = await makeTag(ann, { name: 'a tag', meta: { colour: 'red' } });
    const other = await makeTag(ann, { name: 'a tag' });
    expect(other.uuid).not.toBe(made.uuid);
    expect(await ann.ask(`PUT /tags/${made.uuid}/`, {})).toEqual(made);
    expect(await ann.ask(`PUT /tags/${made.uuid}/`, made)).toEqual(made);
    expect(await ann.ask(`PUT /tags/${made.uuid}/`, { name: 'b', meta: {} })).toEqual({ ...made, name: 'b', meta: {} });
  });

  it('filter drives and servers, also in the lists of a tag', async () => {
    const { cloud } = await createUser(scene);
    const [one, two] = [await makeTag(cloud), await makeTag(cloud)];
    const both = await cloud.make({ tags: [one.uuid, two.uuid] });
    const first = await cloud.make({ tags: [one.uuid] });
    await cloud.make();
    const own = await makeServer(cloud, [], { tags: [one.uuid] });
    await makeServer(cloud);
    expect(await listed(cloud, `/drives/?tag=${one.uuid}`)).toEqual([both.uuid, first.uuid]);
    expect(await listed(cloud, `/drives/detail/?tag=${one.uuid}&tag=${two.uuid}`)).toEqual([both.uuid]);
    expect(await listed(cloud, `/drives/?tag=${two.uuid},nonsense&name=${encodeURIComponent(both.name)}`)).toEqual([
      both.uuid,
    ]);
    expect(await listed(cloud, '/drives/?tag=nonsense')).toEqual([]);
    expect(await listed(cloud, `/servers/?tag=${one.uuid}`)).toEqual([own.uuid]);

    expect(await listed(cloud, `/tags/${one.uuid}/drives/`)).toEqual([both.uuid, first.uuid]);
    expect(await listed(cloud, `/tags/${one.uuid}/drives/?tag=${two.uuid}`)).toEqual([both.uuid]);
    expect(await listed(cloud, `/tags/${two.uuid}/servers/`)).toEqual([]);
    for (const [path, full] of [
      ['drives', await cloud.get(both.uuid)],
      ['servers', await cloud.ask<Server>(`GET /servers/${own.uuid}/`)],
    ] as const) {
      const brief = await cloud.ask<Listed>(`GET /tags/${one.uuid}/${path}/?limit=1`);
      const detail = await cloud.ask<Listed>(`GET /tags/${one.uuid}/${path}/detail/?limit=1`);
      expect(brief).toEqual(await cloud.ask(`GET /${path}/?tag=${one.uuid}&limit=1`));
      expect(detail.objects).toEqual([full]);
    }
    for (const path of ['drives', 'drives/detail', 'servers', 'servers/detail']) {
      expectFault(await cloud.call(`GET /tags/${CD}/${path}/`), 404, 'notexist');
    }
  });

  it('are visible only to their creator, also on shared drives', async () => {
    const { cloud: ben } = await createColleague(scene, gid);
    const some = await ann.make();
    const { uuid } = await makeTag(ann, { resources: [some.uuid] });
    const his = await makeTag(ben, { resources: [some.uuid] });
    expect(await tagsOn(ann, `/drives/${some.uuid}/`)).toEqual([uuid]);
    expect(await tagsOn(ben, `/drives/${some.uuid}/`)).toEqual([his.uuid]);
    expect(await listed(ben, `/drives/?tag=${uuid}`)).toEqual([]);
    for (const operation of ['GET', 'PUT', 'DELETE'].map((method) => `${method} /tags/${uuid}/`)) {
      expectFault(await ben.call(operation, {}), 404, 'notexist');
    }
    expectFault(await ben.call(`GET /tags/${uuid}/drives/`), 404, 'notexist');
    expectFault(await ben.call(`PUT /drives/${some.uuid}/`, { tags: [uuid] }), 404, 'notexist');
    await ben.ask(`PUT /drives/${some.uuid}/`, { tags: [] });
    expect(await tagsOn(ann, `/drives/${some.uuid}/`)).toEqual([uuid]);
    expect((await ann.call(`DELETE /tags/${uuid}/`)).status).toBe(204);
    expect(await tagsOn(ann, `/drives/${some.uuid}/`)).toEqual([]);
  });

  it('are set on visible drives only', async () => {
    const { cloud: reader } = await createColleague(scene, gid, [EVERYTHING[0]]);
    const { cloud: stranger } = await createUser(scene);
    const [some, own] = [await ann.make(), await makeServer(ann)];
    const { uuid } = await makeTag(reader, { resources: [some.uuid] });
    for (const [cloud, resource] of [
      [stranger, some.uuid],
      [reader, own.uuid],
      [ann, 'nonsense'],
      [ann, CD],
    ] as const) {
      expect(
        expectFault(await cloud.call('POST /tags/', { name: 'no', resources: [resource] }), 404, 'notexist'),
      ).toEqual(['resources']);
    }
    expectFault(await reader.call(`PUT /drives/${some.uuid}/`, { tags: [uuid] }), 403, 'permission');
    await scene.root.ask('DELETE /m/pool/assign', { gid, mpid: 1 });
    expect(await resourcesOf(reader, uuid)).toEqual(new Set());
    expect(await listed(reader, `/tags/${uuid}/drives/`)).toEqual([]);
    await scene.root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true });
    expect(await resourcesOf(reader, uuid)).toEqual(new Set([some.uuid]));
  });

  it('are removed from deleted drives and servers', async () => {
    const [some, own] = [await ann.make(), await makeServer(ann)];
    const { uuid } = await makeTag(ann, { resources: [some.uuid, own.uuid] });
    await ann.call(`DELETE /drives/${some.uuid}/`);
    expect(await resourcesOf(ann, uuid)).toEqual(new Set([own.uuid]));
    await ann.call(`DELETE /servers/${own.uuid}/`);
    expect(await resourcesOf(ann, uuid)).toEqual(new Set());
  });

  it('are created several at once, all of them or none, and listed in pages', async () => {
    const { cloud } = await createUser(scene, []);
    expectFault(await cloud.call('POST /tags/', [{ name: 'a' }, { name: 'b', resources: [CD] }]), 404, 'notexist');
    const faults = expectFault(
      await cloud.call('POST /tags/', [{ name: '' }, { meta: { a: 1 }, resources: 1 }]),
      400,
      'validation',
    );
    expect(new Set(faults)).toEqual(new Set(['name', 'meta', 'resources']));
    await cloud.ask('POST /tags/', { objects: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] });
    for (const path of ['/tags/', '/tags/detail/']) {
      const { meta, objects } = await cloud.ask<Listed<Tag>>(`GET ${path}?limit=2&offset=1&fields=name`);
      expect(meta).toEqual({ limit: 2, offset: 1, total_count: 3 });
      expect(objects).toEqual([{ name: 'b' }, { name: 'c' }]);
    }
  });

  it('can be set from both sides concurrently', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [some, own, one] = [await ann.make(), await makeServer(ann), await makeTag(ann)];
      const answers = await Promise.all([
        ann.call(`PUT /tags/${one.uuid}/`, { resources: [some.uuid, own.uuid] }),
        ann.call(`PUT /drives/${some.uuid}/`, { tags: [one.uuid] }),
        ann.call(`PUT /servers/${own.uuid}/`, { tags: [one.uuid] }),
        ann.call('POST /servers/', server({ tags: [one.uuid] })),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 201]);
      const removed = await Promise.all([
        ann.call(`DELETE /tags/${one.uuid}/`),
        ann.call(`PUT /drives/${some.uuid}/`, { tags: [one.uuid] }),
      ]);
      expect([
        [204, 200],
        [204, 404],
      ]).toContainEqual(removed.map(({ status }) => status));
      expect(await tagsOn(ann, `/drives/${some.uuid}/`)).toEqual([]);
    }
  });
});
