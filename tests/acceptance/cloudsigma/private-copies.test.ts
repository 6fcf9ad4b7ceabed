import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/waiting/until.ts';
import { poolOf } from '../velocity/scene.ts';
import { openCloud, createUser, type Cloud, type CloudScene, type Drive, type Listed } from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';
import { ONE_POOL, PUBLISHED } from './provocations.ts';

type Copied = Drive & { readonly jobs: readonly { readonly uuid: string }[] };

describe('A cdrom that becomes a disk', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    const library = await libraryFile([{ name: 'Harbour installer', uuid: PUBLISHED, media: 'cdrom' }]);
    scene = await openCloud({ poolsFile: ONE_POOL, env: { PLATTER_LIBRARY_FILE: library } });
    await untilReady(scene.platter);
    ({ cloud: ann, gid } = await createUser(scene));
  });

  async function clone(uuid: string): Promise<string> {
    const { objects } = await ann.ask<Listed>(`POST /drives/${uuid}/action/?do=clone`);
    const made = objects[0]!.uuid;
    await until('the clone is ready', async () => (await ann.get(made)).status === 'unmounted');
    return made;
  }

  async function bytesOf(uuid: string): Promise<string> {
    return (await ann.send(`GET /drives/${uuid}/download/`)).text;
  }

  /** Changes a drive to a disk. Resolves with the answer when it is one. */
  async function turn(uuid: string): Promise<Copied> {
    const said = await ann.ask<Copied>(`PUT /drives/${uuid}/`, { media: 'disk' });
    await until('it is a disk', async () => {
      const { media, status } = await ann.get(uuid);
      return media === 'disk' && status === 'unmounted';
    });
    return said;
  }

  /** Writes as a hypervisor does. */
  async function writeInPlace(uuid: string): Promise<void> {
    await writeFile(join(scene.platter.poolFolder, uuid), 'written in place', { flag: 'r+' });
  }

  it('gets its own bytes by a job that it names, when it is a clone', async () => {
    const { text: source } = await ann.send('POST /drives/upload/', randomBytes(100_000));
    await ann.ask(`PUT /drives/${source}/`, { media: 'cdrom' });
    const [first, second] = [await clone(source), await clone(source)];
    const before = await bytesOf(source);
    const { used } = await poolOf(scene, gid);

    for (const uuid of [source, first]) {
      const said = await turn(uuid);
      expect(said).toMatchObject({ media: 'cdrom', status: 'cloning_src' });
      expect(said.jobs).toHaveLength(1);
      expect(await ann.ask(`GET /jobs/${said.jobs[0]!.uuid}/`)).toMatchObject({
        state: 'success',
        operation: 'drive_clone',
        data: { progress: 100 },
        resources: [`/api/2.0/drives/${uuid}/`],
      });
      expect(await bytesOf(uuid)).toBe(before);
      await writeInPlace(uuid);
    }
    expect(await bytesOf(second)).toBe(before);
    expect((await bytesOf(first)).slice(0, 16)).toBe('written in place');
    expect((await poolOf(scene, gid)).used).toBe(used);
    expect((await ann.ask<Listed>('GET /drives/?limit=0')).meta.total_count).toBe(3);
  });

  it('never changes the library by writes to it', async () => {
    const uuid = await clone(PUBLISHED);
    const before = await bytesOf(uuid);
    await turn(uuid);
    await writeInPlace(uuid);
    expect(await bytesOf(await clone(PUBLISHED))).toBe(before);
  });

  it('is a disk at once when its bytes are not shared', async () => {
    const { uuid } = await ann.make({ media: 'cdrom' });
    expect(await ann.ask(`PUT /drives/${uuid}/`, { media: 'disk' })).toMatchObject({ media: 'disk', jobs: [] });
  });
});
