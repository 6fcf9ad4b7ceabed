import { makeAssignedGroup, mediaOf } from '../velocity/scene.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import {
  createColleague,
  EVERYTHING,
  expectFault,
  openCloud,
  createUser,
  type Cloud,
  type CloudScene,
} from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';
import { at, makeServer, mounting, server, uuidsOn, type Server } from './server-fixtures.ts';

const CD = '9a1f0e44-0000-4000-8000-000000000001';

interface ServerList {
  readonly meta: { readonly total_count: number };
  readonly objects: readonly Server[];
}

describe('Servers', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    const file = await libraryFile([{ name: 'Harbour installer', uuid: CD, media: 'cdrom' }]);
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: file } });
    await untilReady(scene.platter);
    ({ cloud: ann, gid } = await createUser(scene));
  });

  const isThere = async (cloud: Cloud, path: string): Promise<boolean> =>
    (await cloud.call(`GET ${path}`)).status === 200;

  it('are visible only to their creator', async () => {
    const { uuid } = await makeServer(ann);
    const { cloud: ben } = await createColleague(scene, gid);
    for (const other of [ben, scene.boss]) {
      for (const operation of [
        `GET /servers/${uuid}/`,
        `PUT /servers/${uuid}/`,
        `DELETE /servers/${uuid}/`,
        `DELETE /servers/${uuid}/?recurse=all_drives`,
        `POST /servers/${uuid}/action/?do=start`,
      ]) {
        expectFault(await other.call(operation, {}), 404, 'notexist');
      }
      expect(await other.ask('GET /servers/detail/')).toMatchObject({ meta: { total_count: 0 }, objects: [] });
    }
    expect(await isThere(ann, `/servers/${uuid}/`)).toBe(true);
    for (const path of ['/servers/nonsense/', '/servers/00000000-0000-4000-8000-000000000000/']) {
      expectFault(await ann.call(`GET ${path}`), 404, 'notexist');
    }
  });

  it('are created as one, several or a list, all of them or none', async () => {
    const { cloud } = await createUser(scene);
    const drive = await cloud.make();
    const count = async (): Promise<number> => (await cloud.ask<ServerList>('GET /servers/')).meta.total_count;
    expectFault(
      await cloud.call('POST /servers/', [server({ drives: [at(drive.uuid)] }), server({ drives: [at(drive.uuid)] })]),
      409,
      'concurrency',
    );
    expectFault(await cloud.call('POST /servers/', [server(), server({ drives: [at('nowhere')] })]), 404, 'notexist');
    expectFault(await cloud.call('POST /servers/', [server(), server({ tags: ['nowhere'] })]), 404, 'notexist');
    expectFault(
      await cloud.call(
        'POST /servers/',
        Array.from({ length: 101 }, () => server()),
      ),
      400,
      'validation',
    );
    expect(await count()).toBe(0);
    expect(await mounting(cloud, drive.uuid)).toEqual(['unmounted', []]);

    await cloud.ask('POST /servers/', server({ name: 'a' }));
    await cloud.ask('POST /servers/', [server({ name: 'b' }), server({ name: 'b' })]);
    await cloud.ask('POST /servers/', { objects: [server({ name: 'c', drives: [at(drive.uuid)] })], more: 1 });
    const { objects } = await cloud.ask<ServerList>('GET /servers/?limit=3&offset=1');
    expect(objects.map(({ name }) => name)).toEqual(['b', 'b', 'c']);
    expect(await count()).toBe(4);
  });

  it('are filtered by name and uuid', async () => {
    const { cloud } = await createUser(scene, []);
    const [one, two] = [await makeServer(cloud, [], { name: 'one' }), await makeServer(cloud, [], { name: 'two' })];
    const found = async (query: string): Promise<readonly string[]> =>
      (await cloud.ask<ServerList>(`GET /servers/?${query}`)).objects.map(({ uuid }) => uuid);
    expect(await found('name=one')).toEqual([one.uuid]);
    expect(await found('name=One')).toEqual([]);
    expect(await found(`uuid=${two.uuid},nonsense&name=one,two`)).toEqual([two.uuid]);
    expect(await found('name=%00')).toEqual([]);
    expect(await found('status=running&cpu=1')).toEqual([one.uuid, two.uuid]);
    expect(await cloud.ask('GET /servers/?fields=name,drives&limit=1')).toMatchObject({
      objects: [{ name: 'one', drives: [] }],
    });
    expect(await cloud.ask(`GET /servers/${one.uuid}/?fields=cpu`)).toEqual({ cpu: 1000 });
  });

  it('report all faults at once', async () => {
    const answer = await ann.call('POST /servers/', {
      cpu: -1,
      mem: 'much',
      vnc_password: 'a\0b',
      nics: [1],
      smp: 1.5,
    });
    expect(new Set(expectFault(answer, 400, 'validation'))).toEqual(
      new Set(['name', 'cpu', 'mem', 'vnc_password', 'nics', 'smp']),
    );
    const { uuid } = await makeServer(ann);
    const faults = expectFault(
      await ann.call(`PUT /servers/${uuid}/`, { cpu: 'x', meta: { a: 1 } }),
      400,
      'validation',
    );
    expect(new Set(faults)).toEqual(new Set(['cpu', 'meta']));
    expect(await makeServer(ann, [], { cpu: '2000', mem: '1024' })).toMatchObject({ cpu: 2000, mem: 1024 });
  });

  it('keep their drives when they are deleted', async () => {
    const { uuid: drive } = await ann.make();
    const { uuid } = await makeServer(ann, [at(drive)]);
    expect((await ann.call(`DELETE /servers/${uuid}/`)).status).toBe(204);
    expectFault(await ann.call(`DELETE /servers/${uuid}/`), 404, 'notexist');
    expect(await mounting(ann, drive)).toEqual(['unmounted', []]);
  });

  it.each([
    ['all_drives', [false, false]],
    ['disks', [false, true]],
    ['cdroms', [true, false]],
  ])('delete the drives of recurse=%s, and none of the library', async (recurse, left) => {
    const [disk, cdrom] = [await ann.make({ allow_multimount: true }), await ann.make({ media: 'cdrom' })];
    const other = await makeServer(ann, [at(disk.uuid)]);
    const { uuid } = await makeServer(ann, [at(disk.uuid), at(cdrom.uuid, '0:1'), at(CD, '0:2')]);
    expect((await ann.call(`DELETE /servers/${uuid}/?recurse=${recurse}`)).status).toBe(204);
    expect(await isThere(ann, `/servers/${uuid}/`)).toBe(false);
    for (const [at, one] of [disk, cdrom].entries()) expect(await isThere(ann, `/drives/${one.uuid}/`)).toBe(left[at]);
    expect(await isThere(ann, `/libdrives/${CD}/`)).toBe(true);
    const { drives } = await ann.ask<Server>(`GET /servers/${other.uuid}/`);
    expect(drives).toHaveLength(left[0] === true ? 1 : 0);
  });

  it('stay with their drives when one of the drives may not be deleted', async () => {
    const [own, { cloud: ben }] = [
      await ann.make(),
      await createColleague(scene, gid, [EVERYTHING[0], 'velocity.vm.alter']),
    ];
    const { uuid } = await makeServer(ben, [at(own.uuid)]);
    expectFault(await ben.call(`DELETE /servers/${uuid}/?recurse=all_drives`), 403, 'permission');
    expectFault(await ben.call(`DELETE /servers/${uuid}/?recurse=everything`), 400, 'validation');
    expect(await mounting(ben, own.uuid)).toEqual(['mounted', [uuid]]);
    expect((await ben.call(`DELETE /servers/${uuid}/?recurse=cdroms`)).status).toBe(204);
    expect(await mounting(ann, own.uuid)).toEqual(['unmounted', []]);
  });

  it('lose deleted drives; Velocity refuses to delete attached ones', async () => {
    const [one, two] = [await ann.make(), await ann.make()];
    const { uuid } = await makeServer(ann, [at(one.uuid), at(two.uuid, '0:1')]);
    const refused = await scene.root.call('DELETE /m/media', { mid: one.uuid });
    expect(refused).toMatchObject({ status: 409, body: { code: 9320 } });
    expect((await mediaOf(scene, gid)).map(({ mid }) => mid)).toContain(one.uuid);
    expect((await ann.call(`DELETE /drives/${one.uuid}/`)).status).toBe(204);
    expect(uuidsOn(await ann.ask<Server>(`GET /servers/${uuid}/`))).toEqual([two.uuid]);
    expect((await ann.call(`DELETE /servers/${uuid}/`)).status).toBe(204);
    expect((await scene.root.call('DELETE /m/media', { mid: two.uuid })).status).toBe(200);
  });

  it('lose the drives of a removed group', async () => {
    const below = await makeAssignedGroup(scene);
    const { cloud } = await createColleague(scene, below);
    const drive = await cloud.make();
    const { uuid } = await makeServer(cloud, [at(drive.uuid), at(CD, '0:1')]);
    await scene.root.ask('DELETE /u/group', { gid: below });
    expect(uuidsOn(await cloud.ask<Server>(`GET /servers/${uuid}/`))).toEqual([CD]);
  });

  it('are deleted with their creator, so that their drives are free', async () => {
    const { cloud: ben, uid } = await createColleague(scene, gid);
    const drive = await ann.make();
    await makeServer(ben, [at(drive.uuid)]);
    expect((await mounting(ann, drive.uuid))[0]).toBe('mounted');
    await scene.root.ask('DELETE /u/user', { uid });
    expect(await mounting(ann, drive.uuid)).toEqual(['unmounted', []]);
    expect((await scene.root.call('DELETE /m/media', { mid: drive.uuid })).status).toBe(200);
  });

  it.each(['start', 'stop', 'shutdown', 'open_vnc'])('do not %s, with a reason', async (action) => {
    const { uuid } = await makeServer(ann);
    const answer = await ann.call(`POST /servers/${uuid}/action/?do=${action}`);
    expectFault(answer, 501, 'backend');
    expect(answer.text).toContain('runs no servers');
    expect(await ann.ask(`GET /servers/${uuid}/`)).toMatchObject({ status: 'stopped' });
  });

  it.each(['?do=fly', '', '?do=', '?do=start&do=stop'])('refuse the action %s', async (query) => {
    const { uuid } = await makeServer(ann);
    expectFault(await ann.call(`POST /servers/${uuid}/action/${query}`), 400, 'validation');
  });

  it.each(['/servers/', '/tags/'])('have their fields described at %sschema/', async (path) => {
    const schema = await ann.ask<{ fields: object }>(`GET ${path}schema/`);
    // Fields that are answered only when they were sent.
    const said = { allocation_pool: 'any', auto_start: true, epcs: [], gpus: [] };
    const [made] = (await ann.ask<{ objects: object[] }>(`POST ${path}`, server(said))).objects;
    expect(Object.keys(schema.fields).sort()).toEqual(Object.keys(made!).sort());
    expect(schema).toMatchObject({ default_format: 'application/json', default_limit: 20 });
  });

  it.each(['ips', 'ips/detail', 'vlans', 'vlans/detail'])('have no addresses: /%s/ is empty', async (path) => {
    const expected = { meta: { limit: 5, offset: 1, total_count: 0 }, objects: [] };
    expect(await ann.ask(`GET /${path}/?limit=5&offset=1`)).toEqual(expected);
    expectFault(await ann.call(`GET /${path}/?limit=x`), 400, 'validation');
    expectFault(await ann.call(`POST /${path}/`, {}), 405, 'validation');
  });

  describe('in concurrent requests', () => {
    const ROUNDS = 8;

    it('never attach one drive twice', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { uuid: drive } = await ann.make();
        const two = [await makeServer(ann), await makeServer(ann)];
        const answers = await Promise.all([
          ...two.map(async ({ uuid }) => ann.call(`PUT /servers/${uuid}/`, { drives: [at(drive)] })),
          ann.call('POST /servers/', server({ drives: [at(drive)] })),
        ]);
        const lost = answers.filter(({ status }) => status === 409);
        expect([lost.length, answers.filter(({ status }) => status < 300).length]).toEqual([2, 1]);
        expect((await ann.ask<{ mounted_on: unknown[] }>(`GET /drives/${drive}/`)).mounted_on).toHaveLength(1);
      }
    });

    it('never keep a drive that is deleted meanwhile', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [kept, added] = [await ann.make(), await ann.make()];
        const { uuid } = await makeServer(ann, [at(kept.uuid)]);
        const drives = [at(kept.uuid, '0:1'), at(added.uuid, '0:2')];
        const [put, ...deleted] = await Promise.all([
          ann.call(`PUT /servers/${uuid}/`, { drives }),
          ann.call(`DELETE /drives/${kept.uuid}/`),
          ann.call(`DELETE /drives/${added.uuid}/`),
        ]);
        expect([200, 404]).toContain(put.status);
        expect(deleted.map(({ status }) => status)).toEqual([204, 204]);
        expect(uuidsOn(await ann.ask<Server>(`GET /servers/${uuid}/`))).toEqual([]);
      }
      const lost = `select from attachments join media on media.id = media_id where state = 'removing'`;
      expect(await rowsOf(scene.platter.database.url, lost)).toEqual([]);
    });

    it('keep their drives against deletions through Velocity', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { uuid: drive } = await ann.make();
        const [made, removed] = await Promise.all([
          ann.call('POST /servers/', server({ drives: [at(drive)] })),
          scene.root.call('DELETE /m/media', { mid: drive }),
        ]);
        expect([
          [201, 409],
          [404, 200],
        ]).toContainEqual([made.status, removed.status]);
      }
    });

    it('are deleted with their drives while another server attaches those', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { uuid: drive } = await ann.make({ allow_multimount: true });
        const [going, staying] = [await makeServer(ann, [at(drive)]), await makeServer(ann)];
        const [gone, put] = await Promise.all([
          ann.call(`DELETE /servers/${going.uuid}/?recurse=all_drives`),
          ann.call(`PUT /servers/${staying.uuid}/`, { drives: [at(drive)] }),
        ]);
        expect(gone.status).toBe(204);
        expect([200, 404]).toContain(put.status);
        expect(uuidsOn(await ann.ask<Server>(`GET /servers/${staying.uuid}/`))).toEqual([]);
        expect(await isThere(ann, `/drives/${drive}/`)).toBe(false);
      }
    });
  });
});
