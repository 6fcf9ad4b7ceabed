import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshName } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import {
  mountSmall,
  onMounts,
  canMount,
  titleWithMount,
  type SmallFilesystem,
} from '../../support/files/small-filesystem.ts';
import { until } from '../../support/waiting/until.ts';
import { Cloud, type Listed } from '../../acceptance/cloudsigma/cloud.ts';
import { Installation } from '../../acceptance/start-up/installation.ts';
import { poolsFile } from '../../acceptance/start-up/pools-file.ts';
import { codeOf, TusRequests } from '../../acceptance/tus/tus-requests.ts';
import { expectError } from '../../acceptance/velocity/provocation.ts';
import { beginUpload } from '../../acceptance/velocity/raw-upload.ts';
import { mediaOf, openScene, untilAdmitted, type Scene } from '../../acceptance/velocity/scene.ts';
import {
  uploadMedia,
  BYTES,
  expectHealthyPoolSwept,
  expectHealthyPoolUsable,
  FAULTY,
  createGroupOnBoth,
  remove,
  upload,
} from './two-pools.ts';

const MIB = 1024 * 1024;
const MARKER = '.platter-pool.json';
const WAITING = 'removals wait until the pool can be used';

describe('A pool on a disk', () => {
  let filesystem: SmallFilesystem;
  let scene: Scene;
  let cloud: Cloud;
  let gid: number;
  beforeAll(async () => {
    if (!canMount) return;
    filesystem = await mountSmall(4);
    const healthy = { mpid: 1, name: 'healthy', path: 'healthy', default: true };
    scene = await openScene({
      poolsFile: poolsFile(healthy, { mpid: FAULTY, name: 'faulty', path: filesystem.folder }),
    });
    cloud = new Cloud(scene.platter.url, 'root', ROOT_PASSWORD);
    gid = await createGroupOnBoth(scene);
  });
  afterAll(async () => {
    if (!canMount) return;
    try {
      // `stop` compares rows, usage and the files of both pools.
      await scene.platter.stop();
    } finally {
      await filesystem.unmount();
    }
  });

  async function create(size = 1): Promise<string> {
    const order = { gid, mpid: FAULTY, name: freshName('media'), size };
    return (await scene.root.ask<{ mid: string }>('PUT /m/media/create', order)).mid;
  }

  async function creating() {
    return scene.root.call('PUT /m/media/create', { gid, mpid: FAULTY, name: freshName('media'), size: 1 });
  }

  async function inPool(): Promise<readonly string[]> {
    return (await readdir(filesystem.folder)).filter((name) => name !== MARKER).sort();
  }

  /**
   * Resolves once the sweeper has deleted the file of an item that was deleted while the pool was
   * unusable.
   */
  async function expectGone(mid: string): Promise<void> {
    await until('the file is deleted', async () => !(await inPool()).includes(mid));
  }

  function waits(): number {
    return scene.platter.log.filter(({ msg }) => msg === WAITING).length;
  }

  it(
    titleWithMount('that is full answers 507, frees space on deletion and is used again'),
    onMounts(async () => {
      const [kept, unwanted] = [await uploadMedia(scene, gid, FAULTY), await uploadMedia(scene, gid, FAULTY)];
      const disk = await uploadMedia(scene, gid, FAULTY, { readonly: false });
      const zeros = await create();
      const filler = join(filesystem.folder, 'filler');
      await expect(writeFile(filler, Buffer.alloc(8 * MIB, 1))).rejects.toMatchObject({ code: 'ENOSPC' });

      expectError(await upload(scene, gid, FAULTY), 302, 507);
      expect((await mediaOf(scene, gid)).map(({ mid }) => mid).sort()).toEqual([kept, unwanted, disk, zeros].sort());
      expect((await scene.root.read(kept)).bytes).toEqual(BYTES);
      // Zeros take no space: neither new items nor growth.
      await remove(scene, await create(100 * MIB));
      for (const uuid of [disk, zeros]) await cloud.ask(`PUT /drives/${uuid}/`, { size: 2 * MIB });

      const { objects } = await cloud.ask<Listed>(`POST /drives/${disk}/action/?do=clone`);
      await until('a clone finds no space', () =>
        scene.platter.log.some(({ msg }) => msg === 'a job failed and will be tried again'),
      );
      await remove(scene, unwanted);
      await expectGone(unwanted);
      await rm(filler);
      const clone = objects[0]!.uuid;
      await until('the clone is finished', async () => (await cloud.get(clone)).status === 'unmounted');
      expect((await scene.root.read(clone)).bytes.subarray(0, BYTES.length)).toEqual(BYTES);
      for (const mid of [await uploadMedia(scene, gid, FAULTY), kept, disk, zeros, clone]) await remove(scene, mid);
      expect(await inPool()).toEqual([]);
    }),
  );

  it(
    titleWithMount('that fills up under an upload answers 507, and the upload continues when there is space'),
    onMounts(async () => {
      const tus = TusRequests.by(scene.root);
      const content = randomBytes(3 * MIB);
      const metadata = { filename: freshName('upload'), group: String(gid), pool: String(FAULTY) };
      const location = await tus.created(content.length, metadata);
      expect((await tus.patch(location, 0, content.subarray(0, MIB))).status).toBe(204);
      const filler = join(filesystem.folder, 'filler');
      await writeFile(filler, Buffer.alloc(2 * MIB, 1));
      const refused = await tus.patch(location, MIB, content.subarray(MIB));
      expect([refused.status, codeOf(refused)]).toEqual([507, 'no-space']);
      expect(await tus.offset(location)).toBe(MIB);
      await rm(filler);
      const { status, headers } = await tus.patch(location, MIB, content.subarray(MIB));
      const mid = String(headers['platter-media']);
      expect([status, (await scene.root.read(mid)).bytes.equals(content)]).toEqual([204, true]);
      await remove(scene, mid);
      expect(await inPool()).toEqual([]);
    }),
  );

  it(
    titleWithMount('without a free inode refuses new items, and still resizes and deletes'),
    onMounts(async () => {
      const disk = await uploadMedia(scene, gid, FAULTY, { readonly: false });
      const { files, ffree } = await statfs(filesystem.folder);
      await filesystem.remount(`nr_inodes=${files - ffree}`);
      expectError(await creating(), 302, 507);
      expectError(await upload(scene, gid, FAULTY), 302, 507);
      await cloud.ask(`PUT /drives/${disk}/`, { size: 2 * MIB });
      await remove(scene, disk);
      await remove(scene, await create());
      await filesystem.remount(`nr_inodes=${files}`);
      expect(await inPool()).toEqual([]);
    }),
  );

  it(
    titleWithMount('that became read-only serves reads, refuses writes and deletes files once it is writable again'),
    onMounts(async () => {
      const [kept, unwanted] = [await uploadMedia(scene, gid, FAULTY), await uploadMedia(scene, gid, FAULTY)];
      const disk = await uploadMedia(scene, gid, FAULTY, { readonly: false });
      const waited = waits();
      await filesystem.remount('ro');
      expectError(await upload(scene, gid, FAULTY), 301, 503);
      expectError(await creating(), 301, 503);
      expect((await cloud.call(`PUT /drives/${disk}/`, { size: 2 * MIB })).status).toBe(503);
      for (const mid of [kept, disk]) expect((await scene.root.read(mid)).bytes).toEqual(BYTES);
      await remove(scene, unwanted);
      expect((await scene.root.read(unwanted)).status).toBe(404);
      await until('the log says that removals wait', () => waits() > waited);
      await expectHealthyPoolUsable(scene, gid);
      await expectHealthyPoolSwept(scene);
      expect(waits()).toBe(waited + 1);
      expect(await inPool()).toEqual([kept, unwanted, disk].sort());

      await filesystem.remount('rw');
      await expectGone(unwanted);
      for (const mid of [await uploadMedia(scene, gid, FAULTY), kept, disk]) await remove(scene, mid);
    }),
  );

  it(
    titleWithMount('that is unmounted loses nothing, and nothing is written to its mount point'),
    onMounts(async () => {
      const [kept, unwanted] = [await uploadMedia(scene, gid, FAULTY), await uploadMedia(scene, gid, FAULTY)];
      const disk = await uploadMedia(scene, gid, FAULTY, { readonly: false });
      const zeros = await create();
      const name = freshName('media');
      const connection = await beginUpload(scene.root, { group: gid, pool: FAULTY, name }, 2 * MIB);
      await connection.send(Buffer.alloc(MIB));
      await untilAdmitted(scene, name);
      await until('its first bytes are stored', async () =>
        (await inPool()).some((file) => file.startsWith('.partial-')),
      );
      await filesystem.detach();

      await connection.send(Buffer.alloc(MIB));
      expectError(await connection.answer(), 301, 503);
      expectError(await upload(scene, gid, FAULTY), 301, 503);
      expectError(await creating(), 301, 503);
      for (const mid of [kept, disk, zeros]) expectError(await scene.root.read(mid), 301, 503);
      const answers = [
        await cloud.call(`GET /drives/${disk}/download/`),
        await cloud.call(`PUT /drives/${disk}/`, { size: 2 * MIB }),
        await cloud.call(`PUT /drives/${zeros}/`, { size: 0 }),
      ];
      expect(answers.map(({ status, headers }) => [status, Number(headers['retry-after']) > 0])).toEqual(
        answers.map(() => [503, true]),
      );
      await remove(scene, unwanted);
      await expectHealthyPoolUsable(scene, gid);
      await expectHealthyPoolSwept(scene);
      expect((await mediaOf(scene, gid)).map(({ mid }) => mid).sort()).toEqual([kept, disk, zeros].sort());
      await expectDoctorReportsMarker();
      expect(await readdir(filesystem.folder)).toEqual([]);

      await filesystem.attach();
      await expectGone(unwanted);
      await until('the partial file is deleted', async () =>
        (await inPool()).every((file) => !file.startsWith('.partial-')),
      );
      for (const mid of [kept, disk]) expect((await scene.root.read(mid)).bytes).toEqual(BYTES);
      for (const mid of [await uploadMedia(scene, gid, FAULTY, { name }), kept, disk, zeros]) await remove(scene, mid);
      expect(await inPool()).toEqual([]);
    }),
  );

  /** The doctor reports the missing marker and no missing blob. */
  async function expectDoctorReportsMarker(): Promise<void> {
    const { database, dataDirectory } = scene.platter;
    const settings = { PLATTER_POOLS_FILE: join(dataDirectory, 'pools.yml'), PLATTER_LEASE: '1' };
    expect(await readFile(settings.PLATTER_POOLS_FILE, 'utf8')).toContain(filesystem.folder);
    const { code, output } = await (await Installation.beside(database.url)).run(['doctor', '--json'], settings);
    const { findings } = JSON.parse(output) as { findings: { kind: string; pool: number }[] };
    expect([code, findings.map(({ kind, pool }) => [kind, pool])]).toEqual([1, [['marker', FAULTY]]]);
  }
});
