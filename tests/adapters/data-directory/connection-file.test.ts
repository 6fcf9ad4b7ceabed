import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readConnectionFile,
  removeConnectionFile,
  writeConnectionFile,
} from '../../../src/adapters/data-directory/connection-file.ts';

describe('The connection file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platter-connection-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('returns the last URL that was written', async () => {
    await writeConnectionFile(folder, 'postgresql://platter:one@127.0.0.1:1/platter');
    await writeConnectionFile(folder, 'postgresql://platter:two@127.0.0.1:2/platter');
    expect(await readConnectionFile(folder)).toBe('postgresql://platter:two@127.0.0.1:2/platter');
    expect(await readdir(folder)).toEqual(['connection.json']);
  });

  it('can be read by its owner only, also when it replaces another file', async () => {
    const path = join(folder, 'connection.json');
    await writeFile(path, '{}');
    await chmod(path, 0o644);
    await writeConnectionFile(folder, 'postgresql://platter:secret@127.0.0.1:1/platter');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is null when no server runs', async () => {
    expect(await readConnectionFile(folder)).toBeNull();
    await writeConnectionFile(folder, 'postgresql://127.0.0.1/platter');
    await removeConnectionFile(folder);
    await removeConnectionFile(folder);
    expect(await readConnectionFile(folder)).toBeNull();
  });

  it('is complete at every read while it is replaced', async () => {
    const urls = Array.from({ length: 40 }, (_, at) => `postgresql://127.0.0.1:${at + 1}/${'x'.repeat(at * 200)}`);
    await writeConnectionFile(folder, urls[0]!);
    const written = (async () => {
      for (const url of urls) await writeConnectionFile(folder, url);
      return 'written';
    })();
    while ((await Promise.race([written, readConnectionFile(folder)])) !== 'written') {
      expect(urls).toContain(await readConnectionFile(folder));
    }
  });

  it('does not repeat the content of a damaged file', async () => {
    const path = join(folder, 'connection.json');
    for (const damaged of ['postgresql://platter:secret@127.0.0.1/', '{"databaseUrl": ["secret"]}', '']) {
      await writeFile(path, damaged);
      const error = await readConnectionFile(folder).catch((thrown: unknown) => thrown);
      expect(String(error)).toContain(`The connection file ${path} is damaged.`);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
    }
  });

  it('leaves no temporary file when it cannot be written', async () => {
    await mkdir(join(folder, 'connection.json'));
    await expect(writeConnectionFile(folder, 'postgresql://127.0.0.1/platter')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['connection.json']);
  });
});
