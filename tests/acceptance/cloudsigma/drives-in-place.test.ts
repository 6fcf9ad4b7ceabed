import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/waiting/until.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../support/files/mode-of.ts';
import { expectFault, openCloud, createUser, type Cloud, type CloudScene, type Listed } from './cloud.ts';
import { ONE_POOL } from './provocations.ts';

describe('Drives that a hypervisor opens as files', () => {
  let scene: CloudScene;
  let ann: Cloud;
  beforeAll(async () => {
    scene = await openCloud({ poolsFile: ONE_POOL });
    ({ cloud: ann } = await createUser(scene));
  });

  const fileOf = (uuid: string): string => join(scene.platter.poolFolder, uuid);

  it('become cdroms with the bytes written in place', async () => {
    const { uuid } = await ann.make({ size: 5 });
    await writeFile(fileOf(uuid), 'bytes');
    await ann.ask(`PUT /drives/${uuid}/`, { media: 'cdrom' });
    const read = await ann.send(`HEAD /drives/${uuid}/download/`);
    expect(read.headers.etag).toBeDefined();
    expect(read.headers['repr-digest']).toBeUndefined();
    await ann.ask(`PUT /drives/${uuid}/`, { media: 'disk' });
    await writeFile(fileOf(uuid), 'other');
    await ann.ask(`PUT /drives/${uuid}/`, { media: 'cdrom' });
    expect((await ann.send(`HEAD /drives/${uuid}/download/`)).headers.etag).not.toBe(read.headers.etag);
  });

  it('have writable files, unless they are cdroms', async () => {
    const [disk, cdrom] = [await ann.make(), await ann.make({ media: 'cdrom' })];
    const { text: uploaded } = await ann.send('POST /drives/upload/', 'bytes');
    expect(await modeOf(fileOf(cdrom.uuid))).toBe(READ_ONLY);
    for (const uuid of [disk.uuid, uploaded]) expect(await modeOf(fileOf(uuid))).toBe(WRITABLE);
    for (const media of ['cdrom', 'disk']) {
      const copies = await ann.ask<Listed>(`POST /drives/${uploaded}/action/?do=clone`, { media });
      const { uuid } = copies.objects[0]!;
      await until('the clone is there', async () => (await ann.get(uuid)).status === 'unmounted');
      expect(await modeOf(fileOf(uuid))).toBe(media === 'disk' ? WRITABLE : READ_ONLY);
    }
    await ann.ask(`PUT /drives/${disk.uuid}/`, { media: 'cdrom' });
    expect(await modeOf(fileOf(disk.uuid))).toBe(READ_ONLY);
    await ann.ask(`PUT /drives/${disk.uuid}/`, { media: 'disk' });
    expect(await modeOf(fileOf(disk.uuid))).toBe(WRITABLE);
  });

  it('are resized with their file, by an update or an action', async () => {
    const { uuid } = await ann.make({ size: 1000 });
    await writeFile(fileOf(uuid), 'written', { flag: 'r+' });
    await ann.ask(`PUT /drives/${uuid}/`, { size: '3000' });
    expect((await stat(fileOf(uuid))).size).toBe(3000);
    expect((await ann.call(`POST /drives/${uuid}/action/?do=resize`, { size: 5001 })).status).toBe(202);
    expect((await stat(fileOf(uuid))).size).toBe(5001);
    expect((await readFile(fileOf(uuid))).toString().replaceAll('\0', '')).toBe('written');
  });

  it('are never truncated after a write', async () => {
    const { uuid } = await ann.make({ size: 500 });
    await writeFile(fileOf(uuid), 'x', { flag: 'r+' });
    const refused = await ann.call(`PUT /drives/${uuid}/`, { name: 'smaller', size: 400 });
    expect(expectFault(refused, 400, 'validation')).toEqual(['size']);
    expect(await ann.get(uuid)).toMatchObject({ size: 500 });
    expect((await ann.get(uuid)).name).not.toBe('smaller');
  });
});
