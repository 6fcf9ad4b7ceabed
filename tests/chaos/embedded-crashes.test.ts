import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireDataDirectory } from '../../src/adapters/data-directory/lock.ts';
import { findPostmaster } from '../../src/adapters/embedded-postgres/postmaster.ts';
import { copyPreparedCluster } from '../support/database/prepared-cluster.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import type { RunningServer } from '../adapters/embedded-postgres/running-server.ts';
import { dataFolderOf, hear, postmasterOf, runServer, startOf } from '../adapters/embedded-postgres/running-server.ts';

const answers = async (url: string): Promise<boolean> =>
  rowsOf(url, 'select 1').then(
    () => true,
    () => false,
  );

describe('The embedded database', () => {
  let directory: string;
  let server: RunningServer;
  beforeAll(async () => {
    directory = await temporaryFolder();
    await copyPreparedCluster(join(directory, 'postgres'));
  });
  beforeEach(async () => {
    server = await runServer(directory);
    await rowsOf(server.url, 'create table if not exists kept (number int)');
    await rowsOf(server.url, 'truncate kept');
    await rowsOf(server.url, 'insert into kept values (1)');
  });
  afterEach(async () => server.script.end('SIGTERM'));

  const kept = async (): Promise<unknown> => rowsOf(server.url, 'select number from kept');

  it('keeps running when Platter is killed, and is taken over by the next one', async () => {
    const before = await startOf(server.url);
    await server.script.end('SIGKILL');
    expect(await answers(server.url)).toBe(true);
    const successor = await runServer(directory);
    expect(successor.said).toEqual(['info Took over the embedded database that an earlier Platter left running']);
    expect(successor.url).toBe(server.url);
    expect(await startOf(successor.url)).toBe(before);
    server = successor;
    expect(await kept()).toEqual([{ number: 1 }]);
  });

  it('does not keep the data directory locked when it outlives a killed Platter', async () => {
    await expect(acquireDataDirectory(directory)).rejects.toThrow(`process ${server.script.pid}`);
    await server.script.end('SIGKILL');
    const held = await acquireDataDirectory(directory);
    await held.release();
    server = await runServer(directory);
  });

  it('is restarted under the same address when it is killed', async () => {
    const before = await startOf(server.url);
    process.kill(await postmasterOf(directory), 'SIGKILL');
    expect(await hear(server, 'error')).toBe('error The embedded database ended by SIGKILL; restarting it');
    await hear(server, 'info The embedded database runs again');
    expect(await kept()).toEqual([{ number: 1 }]);
    expect(await startOf(server.url)).not.toBe(before);
  });

  it('is restarted each time it is killed after a takeover', async () => {
    await server.script.end('SIGKILL');
    server = await runServer(directory);
    for (let time = 0; time < 3; time += 1) {
      process.kill(await postmasterOf(directory), 'SIGKILL');
      await hear(server, 'info The embedded database runs again');
      expect(await kept()).toEqual([{ number: 1 }]);
    }
  });

  it('is recovered when it and Platter are killed together', async () => {
    const postmaster = await postmasterOf(directory);
    await server.script.end('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    server = await runServer(directory);
    expect(await kept()).toEqual([{ number: 1 }]);
  });

  it('keeps running when a Ctrl-C reaches the whole process group', async () => {
    const before = await startOf(server.url);
    process.kill(-server.script.pid, 'SIGINT');
    await hear(server, 'interrupted');
    expect(await startOf(server.url)).toBe(before);
  });

  it('is shut down cleanly by stop, and keeps its data', async () => {
    const postmaster = await postmasterOf(directory);
    await server.script.end('SIGTERM');
    expect(() => process.kill(postmaster, 0)).toThrow('ESRCH');
    await expect(stat(join(dataFolderOf(directory), 'postmaster.pid'))).rejects.toThrow('ENOENT');
    server = await runServer(directory);
    // Neither initialised nor recovered.
    expect(server.said).toEqual([]);
    expect(await kept()).toEqual([{ number: 1 }]);
  });

  it('is ended by stop while it is being restarted', async () => {
    const postmaster = await postmasterOf(directory);
    process.kill(postmaster, 'SIGKILL');
    await hear(server, 'error');
    await server.script.end('SIGTERM');
    expect(await findPostmaster(dataFolderOf(directory))).toBeNull();
    expect(await answers(server.url)).toBe(false);
    server = await runServer(directory);
    expect(await kept()).toEqual([{ number: 1 }]);
  });

  it('is not mistaken for another process with its former process id', async () => {
    const { uid, gid } = await stat(dataFolderOf(directory));
    const note = join(dataFolderOf(directory), 'postmaster.pid');
    const lines = (await readFile(note, 'utf8')).split('\n');
    await server.script.end('SIGTERM');
    // PostgreSQL takes any process of its own user for a running server.
    const other = spawn('sleep', ['600'], process.getuid!() === 0 ? { uid, gid } : {});
    try {
      await once(other, 'spawn');
      await writeFile(note, [String(other.pid), ...lines.slice(1)].join('\n'));
      server = await runServer(directory);
      expect(await kept()).toEqual([{ number: 1 }]);
      expect(other.exitCode).toBeNull();
    } finally {
      other.kill();
    }
  });

  it('starts after a power failure that emptied postmaster.pid', async () => {
    await server.script.end('SIGTERM');
    await writeFile(join(dataFolderOf(directory), 'postmaster.pid'), '');
    server = await runServer(directory);
    expect(await kept()).toEqual([{ number: 1 }]);
  });

  it('is left untouched by a Platter with another version of PostgreSQL', async () => {
    await server.script.end('SIGTERM');
    const version = join(dataFolderOf(directory), 'PG_VERSION');
    const made = await readFile(version, 'utf8');
    await writeFile(version, '9\n');
    await expect(runServer(directory)).rejects.toThrow('was created by PostgreSQL 9; this Platter contains PostgreSQL');
    await writeFile(version, made);
    server = await runServer(directory);
    expect(await kept()).toEqual([{ number: 1 }]);
  });

  it('reports the reason when it cannot be restarted', async () => {
    await server.script.end('SIGTERM');
    server = await runServer(directory, 500);
    const postmaster = await postmasterOf(directory);
    await rename(dataFolderOf(directory), join(directory, 'elsewhere'));
    process.kill(postmaster, 'SIGKILL');
    expect(await hear(server, 'lost')).toContain('The embedded database ended and cannot be restarted: ');
    await server.script.end('SIGTERM');
    await rename(join(directory, 'elsewhere'), dataFolderOf(directory));
    server = await runServer(directory);
    expect(await kept()).toEqual([{ number: 1 }]);
  });
});
