import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logIn } from '../../support/http/client.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { createTestDatabase } from '../../support/database/test-database.ts';
import { Installation } from './installation.ts';
import { poolsFile } from './pools-file.ts';

const MARKER = '.platter-pool.json';

/** Root ignores modes, unless these capabilities are dropped. */
const BOUND_BY_MODES =
  process.getuid!() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'] : [];

/** A private mount needs a capability that root may lack, in a container for example. */
const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

function withMounted(options: string, folder: string): readonly string[] {
  const script = `mount -t tmpfs -o ${options} none "$0" && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, folder];
}

describe('The pools of an installation', () => {
  let installation: Installation;
  let file: string;
  const folderOf = (name: string): string => join(installation.folder, name);

  beforeEach(async () => {
    installation = await Installation.beside();
    file = join(installation.folder, 'pools.yaml');
  });

  async function configure(...pools: readonly { readonly mpid: number; readonly path: string }[]): Promise<void> {
    await writeFile(file, poolsFile(...pools.map((pool, at) => ({ ...pool, name: pool.path, default: at === 0 }))));
  }

  /** Starts Platter once with the pools, and uploads an item into one of them. */
  async function fill(pool: number): Promise<void> {
    const platter = installation.start({ PLATTER_POOLS_FILE: file });
    const client = await logIn(await platter.ready(), 'root', await installation.rootPassword());
    expect((await client.upload({ group: 0, pool, name: 'kept' }, 'bytes')).status).toBe(200);
    await platter.stop();
  }

  /** Returns the lines of standard error of a start that fails. */
  async function complaints(before: readonly string[] = []): Promise<string[]> {
    const output = await installation.refusal({ PLATTER_POOLS_FILE: file }, { before });
    return output
      .replace(/^platter: /, '')
      .trimEnd()
      .split('\n');
  }

  it('must lie in their own folders, and all faults are reported at once', async () => {
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'two' });
    await fill(2);
    await rename(folderOf('one'), folderOf('elsewhere'));
    await rename(folderOf('two'), folderOf('one'));
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'two' });
    expect(await complaints()).toEqual([
      `pool 1 ("one"): the folder ${folderOf('one')} belongs to pool 2 of this installation: give the pool its own folder, or remove ${MARKER} there if you are certain that nothing else uses it`,
      `pool 2 ("two"): the folder ${folderOf('two')} has no marker (${MARKER}) although the pool holds media: mount what belongs there, or correct its path in the pools file`,
    ]);
    expect(await readdir(folderOf('one'))).toHaveLength(2);
    expect(await readdir(folderOf('two'))).toEqual([]);
  });

  it('must not lie in the folder of another installation', async () => {
    await configure({ mpid: 1, path: 'one' });
    await fill(1);
    // Migrated test databases are copies of one installation.
    const { url } = await createTestDatabase({ migrated: false });
    const said = await installation.refusal({ PLATTER_POOLS_FILE: file, DATABASE_URL: url });
    expect(said).toContain(
      `the folder ${folderOf('one')} belongs to another installation: give the pool its own folder`,
    );
  });

  it('must not leave the pools file while they hold media', async () => {
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'two' });
    await fill(2);
    await configure({ mpid: 1, path: 'one' });
    expect(await complaints()).toEqual([
      'pool 2 ("two") holds media but is not configured any more: put it back into the pools file, with the same id',
    ]);
  });

  it('may leave the pools file while they hold no media', async () => {
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'two' });
    await fill(1);
    await configure({ mpid: 1, path: 'one' });
    const platter = installation.start({ PLATTER_POOLS_FILE: file });
    await platter.ready();
    await platter.stop();
  });

  it('get a new marker while they hold no media', async () => {
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'two' });
    await fill(1);
    await rm(folderOf('two'), { recursive: true });
    const platter = installation.start({ PLATTER_POOLS_FILE: file });
    await platter.ready();
    expect(await readdir(folderOf('two'))).toEqual([MARKER]);
    await platter.stop();
  });

  it('have the location number of the pools file, under the former name `place` too', async () => {
    const pool = { mpid: 1, name: 'one', path: 'one' };
    await writeFile(file, poolsFile({ ...pool, place: 1 }));
    await fill(1);
    await writeFile(file, poolsFile(pool));
    expect(await complaints()).toEqual([
      expect.stringContaining('pool 1 ("one"): bytes of it lie in location 1, which is not configured'),
    ]);
    await writeFile(file, poolsFile({ ...pool, location: 1 }));
    const platter = installation.start({ PLATTER_POOLS_FILE: file });
    await platter.ready();
    await platter.stop();
  });

  it('keep their media when their folder is moved', async () => {
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'two' });
    await fill(2);
    const files = await filesIn(folderOf('two'));
    await mkdir(folderOf('new'));
    await rename(folderOf('two'), folderOf('new/place'));
    await configure({ mpid: 1, path: 'one' }, { mpid: 2, path: 'new/place' });
    const platter = installation.start({ PLATTER_POOLS_FILE: file });
    const client = await logIn(await platter.ready(), 'root', await installation.rootPassword());
    const { media } = await client.ask<{ media: { mid: string }[] }>('POST /m/media/list', { gid: 0 });
    expect(media).toMatchObject([{ mpid: 2, name: 'kept', size: 5 }]);
    expect(await filesIn(folderOf('new/place'))).toEqual(files);
    await client.ask('DELETE /m/media', { mid: media[0]!.mid });
    expect(await filesIn(folderOf('new/place'))).toEqual([]);
    await platter.stop();
  });

  it('must lie in writable folders', async () => {
    await configure({ mpid: 1, path: 'closed' });
    await mkdir(folderOf('closed'));
    await chmod(folderOf('closed'), 0o555);
    expect(await complaints(BOUND_BY_MODES)).toEqual([
      `pool 1 ("closed"): the folder ${folderOf('closed')} cannot be used (EACCES): let the user that Platter runs as read and write it`,
    ]);
  });

  it('must lie in folders', async () => {
    await configure({ mpid: 1, path: 'file/below' });
    await writeFile(folderOf('file'), '');
    expect(await complaints()).toEqual([
      `pool 1 ("file/below"): the folder ${folderOf('file/below')} cannot be used (ENOTDIR): something on its path is not a folder: correct the path in the pools file`,
    ]);
  });

  if (mayMount) {
    it.each([
      ['is mounted read-only', 'ro', 'EROFS', 'it is mounted read-only: mount it for writing'],
      // The folder itself takes the only inode.
      ['is full', 'nr_inodes=1', 'ENOSPC', 'its filesystem is full: make room'],
    ])('must not lie on a filesystem that %s', async (_what, options, code, advice) => {
      await configure({ mpid: 1, path: 'mounted' });
      await mkdir(folderOf('mounted'));
      expect(await complaints(withMounted(options, folderOf('mounted')))).toEqual([
        `pool 1 ("mounted"): the folder ${folderOf('mounted')} cannot be used (${code}): ${advice}`,
      ]);
    });

    it('must not lie in an empty folder that should be a mount point', async () => {
      await configure({ mpid: 1, path: 'one' });
      await fill(1);
      expect((await complaints(withMounted('size=1m', folderOf('one'))))[0]).toContain('mount what belongs there');
    });
  }
});
