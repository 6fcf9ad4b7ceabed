import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireDataDirectory } from '../../../src/adapters/data-directory/lock.ts';
import { startScript } from '../../support/program/script.ts';

const holder = join(import.meta.dirname, 'hold.ts');

describe('acquireDataDirectory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platter-lock-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('refuses a second process, and names the holder', async () => {
    const other = startScript(holder, folder);
    expect(await other.line()).toBe('held');
    await expect(acquireDataDirectory(folder)).rejects.toThrow(
      `Another Platter (process ${other.pid}) is running on the data directory ${folder}.`,
    );
    await other.end('SIGTERM');
  });

  it('succeeds as soon as the holder was killed', async () => {
    const other = startScript(holder, folder);
    expect(await other.line()).toBe('held');
    await other.end('SIGKILL');
    const held = await acquireDataDirectory(folder);
    expect(await readFile(join(folder, 'platter.lock'), 'utf8')).toBe(`${process.pid}\n`);
    await held.release();
  });

  it('refuses a second holder in the same process too, until the first releases it', async () => {
    const first = await acquireDataDirectory(folder);
    await expect(acquireDataDirectory(folder)).rejects.toThrow(`process ${process.pid}`);
    await first.release();
    const second = await acquireDataDirectory(folder);
    // Releasing twice does not release the lock of the next holder.
    await first.release();
    await expect(acquireDataDirectory(folder)).rejects.toThrow('Another Platter');
    await second.release();
  });

  it('succeeds for exactly one of many', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, async () => acquireDataDirectory(folder)));
    const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(held).toHaveLength(1);
    await held[0]!.value.release();
  });

  it('creates a missing directory that no other user can list, and that the database of root can enter', async () => {
    const path = join(folder, 'deep', 'down');
    const held = await acquireDataDirectory(path);
    expect((await stat(path)).mode & 0o777).toBe(process.getuid!() === 0 ? 0o711 : 0o700);
    await held.release();
  });

  it('keeps the mode of an existing directory', async () => {
    const path = join(folder, 'mine');
    await mkdir(path);
    await chmod(path, 0o750);
    const held = await acquireDataDirectory(path);
    expect((await stat(path)).mode & 0o777).toBe(0o750);
    await held.release();
  });

  it('names the directory when it cannot be created', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await expect(acquireDataDirectory(path)).rejects.toThrow(path);
    await expect(acquireDataDirectory(join(path, 'below'))).rejects.toThrow(join(path, 'below'));
  });
});
