import { randomBytes } from 'node:crypto';
import type { Answer } from '../../support/http/client.ts';
import { until } from '../../support/waiting/until.ts';
import { expectFault, openCloud, createUser, type Cloud, type CloudScene, type Drive, type Listed } from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';

const LIBRARY = [
  {
    name: 'Harbour 3',
    uuid: '9a1f0e44-0000-4000-8000-000000000011',
    os: 'linux',
    arch: 64,
    distribution: 'Harbour',
    version: '3.10',
    category: ['general', 'web'],
    description: 'A server that is ready to run',
    install_notes: 'Nothing to do',
    default_user: 'harbour',
    url: 'https://harbour.example/',
    licences: [{ licence: 'harbour', amount: 2 }],
  },
  { name: 'Harbour installer', uuid: '9a1f0e44-0000-4000-8000-000000000012', os: 'linux', arch: 64, media: 'cdrom' },
];
const LICENCES = [
  { name: 'harbour', long_name: 'Harbour Server', type: 'instance', burstable: true, user_metric: 'smp' },
];
const [DISK, CDROM] = LIBRARY.map(({ uuid }) => uuid) as [string, string];

interface Job {
  readonly uuid: string;
  readonly state: string;
  readonly operation: string;
  readonly data: { readonly progress: number };
  readonly resources: readonly string[];
}
type Clone = Drive & { readonly jobs: readonly { readonly uuid: string }[]; readonly licenses: readonly object[] };

describe('Clones', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let bob: Cloud;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: await libraryFile(LIBRARY, LICENCES) } });
    await untilReady(scene.platter);
    ({ cloud: ann, gid } = await createUser(scene));
    ({ cloud: bob } = await createUser(scene));
  });

  async function clone(uuid: string, body?: unknown, resource = 'drives'): Promise<Clone> {
    const answer = await ann.ask<Listed<Clone>>(`POST /${resource}/${uuid}/action/?do=clone`, body);
    return answer.objects[0]!;
  }

  async function jobOf({ jobs }: Clone): Promise<Job> {
    return ann.ask<Job>(`GET /jobs/${jobs[0]!.uuid}/`);
  }

  /** Resolves with the clone when it is ready. */
  async function finished(made: Clone): Promise<Clone> {
    await until('the clone is ready', async () => (await ann.get(made.uuid)).status === 'unmounted');
    return ann.ask<Clone>(`GET /drives/${made.uuid}/`);
  }

  async function upload(content: Buffer): Promise<string> {
    const answer = await ann.send('POST /drives/upload/', content, { 'content-type': 'application/octet-stream' });
    expect(answer.status).toBe(201);
    return answer.text;
  }

  async function download(uuid: string): Promise<Answer> {
    return ann.send(`GET /drives/${uuid}/download/`);
  }

  async function profile(clone_naming: string): Promise<void> {
    await ann.ask('PUT /profile/', { clone_naming });
  }

  it('are answered before they are complete, and name the job with their progress', async () => {
    const content = randomBytes(100_000);
    const source = await upload(content);
    const made = await clone(source, { name: 'a clone' });
    expect(made).toMatchObject({ status: 'cloning_dst', name: 'a clone', size: content.length, media: 'disk' });
    expect(made.jobs).toHaveLength(1);
    await finished(made);
    expect(await jobOf(made)).toMatchObject({
      state: 'success',
      operation: 'drive_clone',
      data: { progress: 100 },
      resources: [`/api/2.0/drives/${source}/`, `/api/2.0/drives/${made.uuid}/`],
    });
    expect((await download(made.uuid)).text).toBe((await download(source)).text);
    expect((await ann.get(made.uuid)).name).toBe('a clone');
  });

  it('of a library drive keep its licences and its description', async () => {
    const made = await finished(await clone(DISK, undefined, 'libdrives'));
    expect(made).toMatchObject({ name: 'Harbour 3', media: 'disk', owner: { uuid: expect.any(String) as string } });
    expect(made.meta).toMatchObject({
      os: 'linux',
      arch: '64',
      distribution: 'Harbour',
      version: '3.10',
      default_user: 'harbour',
      'install notes': 'Nothing to do',
      url: 'https://harbour.example/',
      description: 'A server that is ready to run',
      category: 'general,web',
      paid: 'false',
      favorite: 'false',
    });
    expect(made.licenses).toEqual([
      { amount: 2, license: expect.objectContaining({ name: 'harbour' }) as unknown, user: null },
    ]);
    const edited = await ann.ask<Clone>(`PUT /drives/${made.uuid}/`, { ...made, licenses: [], name: 'edited' });
    expect(edited).toMatchObject({ name: 'edited', licenses: made.licenses });
    const again = await finished(await clone(made.uuid));
    expect(again).toMatchObject({ licenses: made.licenses });
  });

  it('of a library drive are created through both paths, also optical ones', async () => {
    const [one, two] = [await clone(CDROM), await clone(CDROM, { media: 'disk' }, 'libdrives')];
    expect(one).toMatchObject({ media: 'cdrom', meta: { os: 'linux' }, licenses: [] });
    expect(two).toMatchObject({ media: 'disk' });
    await finished(one);
    await finished(two);
    expect(await scene.boss.ask(`GET /libdrives/${CDROM}/`)).toMatchObject({ status: 'unmounted', jobs: [] });
    const own = await ann.make();
    expectFault(await ann.call(`POST /libdrives/${own.uuid}/action/?do=clone`), 404, 'notexist');
  });

  it('are named by the profile when no name is sent', async () => {
    const source = await ann.make({ name: 'test_drive_x' });
    const named: string[] = [];
    for (const naming of ['NONE', 'COUNTER', 'DATE', 'TIMESTAMP']) {
      await profile(naming);
      const made = await clone(source.uuid);
      named.push(made.name);
      await finished(made);
    }
    await profile('NONE');
    expect(named).toEqual([
      'test_drive_x',
      'test_drive_x_1',
      expect.stringMatching(/^test_drive_x-\d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^test_drive_x-\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    ]);
  });

  it('can be larger than their source and not smaller, with sizes as numbers or digits', async () => {
    const source = await ann.make({ size: 4096 });
    const made = await finished(await clone(source.uuid, { size: '8192', affinities: ['ssd'] }));
    expect(made).toMatchObject({ size: 8192, affinities: ['ssd'] });
    const refused = await ann.call(`POST /drives/${source.uuid}/action/?do=clone`, { size: 4095 });
    expect(expectFault(refused, 400, 'validation')).toEqual(['size']);
    const wrong = await ann.call(`POST /drives/${source.uuid}/action/?do=clone`, { size: -1, media: 'tape' });
    expect(expectFault(wrong, 400, 'validation')).toEqual(['media', 'size']);
  });

  it('are charged before they start', async () => {
    const { cloud, gid: small } = await createUser(scene, undefined, { quota: 6000 });
    const { uuid } = await cloud.make({ size: 4096 });
    expectFault(await cloud.call(`POST /drives/${uuid}/action/?do=clone`), 402, 'billing');
    expect((await cloud.ask<Listed>('GET /drives/')).meta.total_count).toBe(1);
    expect(small).not.toBe(gid);
  });

  it('are refused without a pool for them, and for an invisible source', async () => {
    const source = await ann.make();
    expectFault(await bob.call(`POST /drives/${source.uuid}/action/?do=clone`), 404, 'notexist');
    expectFault(await ann.call('POST /drives/no-such/action/?do=clone'), 404, 'notexist');
    const nowhere = { storage_type: 'floppy' };
    expectFault(await ann.call(`POST /drives/${source.uuid}/action/?do=clone`, nowhere), 403, 'permission');
    const { cloud: reader } = await createUser(scene, ['velocity.media.list']);
    expectFault(await reader.call(`POST /libdrives/${DISK}/action/?do=clone`), 403, 'permission');
    expectFault(await ann.call(`POST /libdrives/${DISK}/action/?do=resize`, { size: 1 }), 400, 'validation');
  });

  it('run concurrently from one source, which can be removed meanwhile', async () => {
    const content = randomBytes(50_000);
    const source = await upload(content);
    const made = await Promise.all(Array.from({ length: 6 }, async () => clone(source)));
    await ann.ask(`DELETE /drives/${source}/`);
    for (const one of made) {
      await finished(one);
      expect((await download(one.uuid)).text).toBe((await download(made[0]!.uuid)).text);
    }
    expect((await ann.call(`GET /drives/${source}/`)).status).toBe(404);
  });

  it('are jobs that only their owner sees, in pages', async () => {
    const made = await clone((await ann.make()).uuid);
    const { uuid } = await jobOf(made);
    expectFault(await bob.call(`GET /jobs/${uuid}/`), 404, 'notexist');
    expectFault(await ann.call('GET /jobs/nothing/'), 404, 'notexist');
    expect((await bob.ask<Listed<Job>>('GET /jobs/')).objects).toEqual([]);
    const { meta, objects } = await ann.ask<Listed<Job>>('GET /jobs/?limit=0');
    expect(meta.total_count).toBe(objects.length);
    const last = await ann.ask<Listed<Job>>(`GET /jobs/?limit=1&offset=${objects.length - 1}`);
    expect(last.objects.map((job) => job.uuid)).toEqual([uuid]);
    expect(await ann.ask(`GET /jobs/${uuid}/?fields=uuid,operation`)).toEqual({ uuid, operation: 'drive_clone' });
    const answer = await ann.call('DELETE /jobs/');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
    await finished(made);
  });
});
