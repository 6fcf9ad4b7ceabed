import { assign } from '../velocity/scene.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import {
  createColleague,
  EVERYTHING,
  expectFault,
  openCloud,
  createUser,
  type Cloud,
  type CloudScene,
} from './cloud.ts';
import { libraryFile, untilReady, type Said } from './library-files.ts';
import { at, makeServer, mounting, server, uuidsOn, type Attached, type Server } from './server-fixtures.ts';

const [CD, DISK, LATER] = [1, 2, 3].map((number) => `9a1f0e44-0000-4000-8000-00000000000${number}`) as [
  string,
  string,
  string,
];

const DRIVES: readonly Said[] = [
  { name: 'Harbour installer', uuid: CD, media: 'cdrom' },
  { name: 'Harbour server', uuid: DISK },
  { name: 'Going', uuid: LATER, media: 'cdrom' },
];

describe('Attaching', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: await libraryFile(DRIVES) } });
    await untilReady(scene.platter);
    ({ cloud: ann, gid } = await createUser(scene));
  });

  const put = async (uuid: string, drives: readonly unknown[], cloud = ann): Promise<Server> =>
    cloud.ask<Server>(`PUT /servers/${uuid}/`, { drives });

  it('takes uuids and objects in one list, and answers objects in the order of the channels', async () => {
    const [one, two, three] = [await ann.make(), await ann.make(), await ann.make({ media: 'cdrom' })];
    const { uuid } = await makeServer(ann);
    const { drives } = await put(uuid, [
      { ...at({ uuid: one.uuid, resource_uri: 'ignored' }, '0:5'), boot_order: 2 },
      { ...at(two.uuid.toUpperCase(), '0:1'), boot_order: 7, runtime: null },
      at(three.uuid, '1:1', 'ide'),
    ]);
    expect(drives.map(({ boot_order, dev_channel, device }) => [device, dev_channel, boot_order])).toEqual([
      ['ide', '1:1', null],
      ['virtio', '0:1', 7],
      ['virtio', '0:5', 2],
    ]);
    for (const { drive } of drives) expect(drive.resource_uri).toBe(`/api/2.0/drives/${drive.uuid}/`);
    expect(uuidsOn({ drives })).toEqual([three.uuid, two.uuid, one.uuid]);
  });

  it('keeps drives and meta that an update does not name, and accepts an answer as an update', async () => {
    const { uuid: drive } = await ann.make();
    const made = await makeServer(ann, [{ ...at(drive), boot_order: 1 }], {
      meta: { role: 'web' },
      nics: [{ ip_v4_conf: { conf: 'static', ip: '192.0.2.1' }, vlan: { uuid: 'backstage' } }, {}],
      smp: '4',
      requirements: ['sse4'],
      cpu_model: 'EPYC',
    });
    expect(made.nics[0]).toMatchObject({
      ip_v4_conf: { conf: 'static', ip: { resource_uri: '/api/2.0/ips/192.0.2.1/', uuid: '192.0.2.1' } },
      vlan: { resource_uri: '/api/2.0/vlans/backstage/', uuid: 'backstage' },
    });
    expect(await ann.ask(`PUT /servers/${made.uuid}/`, { name: 'renamed' })).toEqual({ ...made, name: 'renamed' });
    expect(await ann.ask(`PUT /servers/${made.uuid}/`, made)).toEqual(made);
    expect(await ann.ask(`GET /servers/${made.uuid}/`)).toEqual(made);
    const emptied = await ann.ask<Server>(`PUT /servers/${made.uuid}/`, { drives: [], meta: {}, nics: [] });
    expect(emptied).toEqual({ ...made, drives: [], meta: {}, nics: [] });
    expect(await mounting(ann, drive)).toEqual(['unmounted', []]);
  });

  it('shows the server of a drive in every list', async () => {
    const { uuid: drive } = await ann.make({ name: 'shown' });
    const { uuid } = await makeServer(ann, [at(drive)]);
    const on = [{ resource_uri: `/api/2.0/servers/${uuid}/`, uuid }];
    expect(await mounting(ann, drive)).toEqual(['mounted', [uuid]]);
    for (const path of [`/drives/detail/?uuid=${drive}`, `/drives/?uuid=${drive}&fields=mounted_on,status`]) {
      expect(await ann.ask(`GET ${path}`)).toMatchObject({ objects: [{ status: 'mounted', mounted_on: on }] });
    }
    expect(await ann.ask(`GET /drives/?uuid=${drive}`)).toMatchObject({ objects: [{ status: 'mounted' }] });
    const { cloud: ben } = await createColleague(scene, gid);
    // The server is visible only to its user; that the drive is in use is visible to others.
    expect(await mounting(ben, drive)).toEqual(['mounted', []]);
  });

  it('attaches a drive to one server at a time', async () => {
    const { uuid: drive } = await ann.make();
    const first = await makeServer(ann, [at(drive)]);
    const second = await makeServer(ann);
    expect(expectFault(await ann.call('POST /servers/', server({ drives: [at(drive)] })), 409, 'concurrency')).toEqual([
      'drives',
    ]);
    expectFault(await ann.call(`PUT /servers/${second.uuid}/`, { drives: [at(drive)] }), 409, 'concurrency');
    await put(first.uuid, [at(drive, '0:1')]);
    await put(first.uuid, []);
    expect(uuidsOn(await put(second.uuid, [at(drive)]))).toEqual([drive]);
  });

  it('attaches a drive with allow_multimount to several servers, and to one twice', async () => {
    const { uuid: drive } = await ann.make({ allow_multimount: true });
    const first = await makeServer(ann, [at(drive), at(drive, '0:1')]);
    const second = await makeServer(ann, [at(drive)]);
    expect(await mounting(ann, drive)).toEqual(['mounted', [first.uuid, second.uuid]]);
    expectFault(await ann.call(`PUT /drives/${drive}/`, { allow_multimount: false }), 409, 'concurrency');
    await put(second.uuid, []);
    await ann.ask(`PUT /drives/${drive}/`, { allow_multimount: false });
    expect(uuidsOn(await put(first.uuid, [at(drive), at(drive, '0:2')]))).toEqual([drive, drive]);
    const three = [at(drive), at(drive, '0:1'), at(drive, '0:2')];
    expectFault(await ann.call(`PUT /servers/${first.uuid}/`, { drives: three }), 400, 'validation');
  });

  it.each<[string, readonly unknown[]]>([
    ['a channel of ide that is not there', [at(CD, '2:0', 'ide')]],
    ['a unit of ide that is not there', [at(CD, '0:2', 'ide')]],
    ['a unit of virtio that is not there', [at(CD, '0:6')]],
    ['a channel that is none', [at(CD, '0')]],
    ['a device that is none', [at(CD, '0:0', 'scsi')]],
    ['one channel for two', [at(CD), at(LATER)]],
    ['a drive that is none', [at(7)]],
    ['no drive', [at(undefined)]],
    ['a boot order that is none', [{ ...at(CD), boot_order: 'first' }]],
  ])('refuses %s', async (_what, drives) => {
    const faults = expectFault(await ann.call('POST /servers/', server({ drives })), 400, 'validation');
    expect(new Set(faults)).toEqual(new Set(['drives']));
  });

  it('has a channel 0:0 for each device', async () => {
    expect((await makeServer(ann, [at(CD), at(CD, '0:0', 'ide')])).drives).toHaveLength(2);
  });

  it('attaches CD-ROMs of the library to any number of servers, and shows each user its own', async () => {
    const { cloud: ben } = await createUser(scene, [], null);
    const mine = [await makeServer(ann, [at(LATER)]), await makeServer(ann, [at({ uuid: LATER })])];
    const his = await makeServer(ben, [at(LATER), at(LATER, '1:0', 'ide')]);
    for (const path of [`/libdrives/${LATER}/`, `/drives/${LATER}/`]) {
      expect(await ann.ask(`GET ${path}`)).toMatchObject({
        status: 'mounted',
        mounted_on: mine.map(({ uuid }) => ({ uuid, resource_uri: `/api/2.0/servers/${uuid}/` })),
      });
      expect(await ben.ask(`GET ${path}`)).toMatchObject({ status: 'mounted', mounted_on: [{ uuid: his.uuid }] });
      expect(await scene.boss.ask(`GET ${path}`)).toMatchObject({ status: 'unmounted', mounted_on: [] });
    }
    const { objects } = await ben.ask<{ objects: { uuid: string; status: string }[] }>('GET /libdrives/');
    expect(objects.map(({ uuid, status }) => [uuid, status])).toEqual([
      [CD, 'unmounted'],
      [DISK, 'unmounted'],
      [LATER, 'mounted'],
    ]);
  });

  it('refuses disks of the library, and says to clone them', async () => {
    const answer = await ann.call('POST /servers/', server({ drives: [at(CD, '0:1'), at(DISK)] }));
    expectFault(answer, 403, 'permission');
    expect(answer.text).toContain('clone');
    const { objects } = await ann.ask<{ objects: { uuid: string }[] }>(`POST /libdrives/${DISK}/action/?do=clone`);
    const clone = objects[0]!.uuid;
    await until('the clone is there', async () => (await mounting(ann, clone))[0] === 'unmounted');
    expect(uuidsOn(await makeServer(ann, [at(CD, '0:1'), at(clone)]))).toEqual([clone, CD]);
  });

  it('keeps a withdrawn CD-ROM attached until the last server detaches it', async () => {
    const { cloud: ben } = await createUser(scene, [], null);
    const { objects } = await ann.ask<{ objects: Server[] }>('GET /servers/detail/?limit=0');
    for (const one of objects) if (uuidsOn(one).includes(LATER)) await ann.ask(`DELETE /servers/${one.uuid}/`);
    const { uuid } = await makeServer(ben, [at(LATER)]);
    await rowsOf(
      scene.platter.database.url,
      `update library_drives set withdrawn_at = now() where media_id = '${LATER}'`,
    );
    expectFault(await ann.call(`GET /drives/${LATER}/`), 404, 'notexist');
    expectFault(await ben.call(`GET /libdrives/${LATER}/`), 404, 'notexist');
    expect(await mounting(ben, LATER)).toEqual(['mounted', [uuid]]);
    expectFault(await ben.call(`DELETE /drives/${LATER}/`), 403, 'permission');

    expect(uuidsOn(await put(uuid, [at(LATER, '0:3')], ben))).toEqual([LATER]);
    expectFault(await ben.call(`PUT /servers/${uuid}/`, { drives: [at(LATER), at(LATER, '0:1')] }), 404, 'notexist');
    expectFault(await ben.call('POST /servers/', server({ drives: [at(LATER)] })), 404, 'notexist');
    const rows = async (): Promise<number> =>
      (await rowsOf(scene.platter.database.url, `select id from media where id = '${LATER}'`)).length;
    expect(await rows()).toBe(1);

    await rowsOf(
      scene.platter.database.url,
      `delete from servers where id in (select server_id from attachments where media_id = '${LATER}') and id <> '${uuid}'`,
    );
    await put(uuid, [], ben);
    expectFault(await ben.call(`GET /drives/${LATER}/`), 404, 'notexist');
    await until('its bytes are gone', async () => (await rows()) === 0);
  });

  it('needs the permission to list and to create or alter, and write for disks', async () => {
    const [disk, cdrom] = [await ann.make(), await ann.make({ media: 'cdrom' })];
    const { cloud: reader } = await createColleague(scene, gid, [EVERYTHING[0]]);
    for (const { uuid } of [disk, cdrom]) {
      expectFault(await reader.call('POST /servers/', server({ drives: [at(uuid)] })), 403, 'permission');
    }
    const { cloud: operator } = await createColleague(scene, gid, [EVERYTHING[0], 'velocity.vm.alter']);
    expect(uuidsOn(await makeServer(operator, [at(disk.uuid), at(cdrom.uuid, '0:1')]))).toHaveLength(2);
    const { cloud: blind } = await createColleague(scene, gid, [EVERYTHING[1], EVERYTHING[2]]);
    for (const { uuid } of [disk, cdrom]) {
      expectFault(await blind.call('POST /servers/', server({ drives: [at(uuid)] })), 404, 'notexist');
    }
    const { cloud: cleo, gid: other } = await createUser(scene);
    const [writable, readable] = [await cleo.make(), await cleo.make({ media: 'cdrom' })];
    await assign(scene, other, { write: false });
    expectFault(await cleo.call('POST /servers/', server({ drives: [at(writable.uuid)] })), 403, 'permission');
    const { uuid } = await makeServer(cleo, [at(readable.uuid)]);
    expectFault(await cleo.call(`PUT /servers/${uuid}/`, { drives: [at(writable.uuid)] }), 403, 'permission');
    expectFault(await cleo.call(`PUT /drives/${readable.uuid}/`, { media: 'disk' }), 403, 'permission');
    const kept = await put(uuid, [{ ...at(readable.uuid, '0:4'), boot_order: 3 }], cleo);
    expect(kept.drives).toMatchObject([{ dev_channel: '0:4', boot_order: 3 }] satisfies Partial<Attached>[]);
    await scene.root.ask('DELETE /m/pool/assign', { gid: other, mpid: 1 });
    expect(uuidsOn(await cleo.ask(`GET /servers/${uuid}/`))).toEqual([]);
    expectFault(await cleo.call(`PUT /servers/${uuid}/`, { drives: [at(readable.uuid)] }), 404, 'notexist');
  });

  it.each(['not a uuid', '00000000-0000-4000-8000-000000000000'])('does not find %s', async (drive) => {
    expectFault(await ann.call('POST /servers/', server({ drives: [at(drive)] })), 404, 'notexist');
  });

  it('survives when a drive is resized, renamed or changed to another kind', async () => {
    const { uuid: drive } = await ann.make({ size: 4096 });
    const { uuid } = await makeServer(ann, [at(drive)]);
    const resized = await ann.ask(`POST /drives/${drive}/action/?do=resize`, { size: 8192 });
    expect(resized).toMatchObject({ objects: [{ status: 'resizing', size: 8192, mounted_on: [{ uuid }] }] });
    const changed = await ann.ask(`PUT /drives/${drive}/`, { name: 'another', media: 'cdrom', size: 16384 });
    expect(changed).toMatchObject({ status: 'resizing', name: 'another', media: 'cdrom', mounted_on: [{ uuid }] });
    expect(await ann.get(drive)).toMatchObject({ status: 'mounted', name: 'another', mounted_on: [{ uuid }] });
  });
});
