import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rowsOf } from '../../support/database/test-database.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { until } from '../../support/waiting/until.ts';
import type { RunningServer } from './running-server.ts';
import { dataFolderOf, postmasterOf, runServer } from './running-server.ts';

describe('startEmbeddedPostgres', () => {
  let directory: string;
  let server: RunningServer;
  beforeAll(async () => {
    directory = await temporaryFolder();
    server = await runServer(directory);
  });
  afterAll(async () => server.script.end('SIGTERM'));

  const setting = async (name: string): Promise<unknown> =>
    (await rowsOf(server.url, `select current_setting('${name}') as is`))[0]!.is;

  it('returns the address of a database that stores any text and does not depend on the locale', async () => {
    expect(new URL(server.url).pathname).toBe('/platter');
    expect(await setting('server_encoding')).toBe('UTF8');
    expect(await rowsOf(server.url, "select 'é' > 'z' as by_code_point, length('漢字') as characters")).toEqual([
      { by_code_point: true, characters: 2 },
    ]);
    expect(await setting('timezone')).toBe('UTC');
  });

  it('loses nothing to a crash and notices damage', async () => {
    for (const name of ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums']) {
      expect([name, await setting(name)]).toEqual([name, 'on']);
    }
  });

  it('listens on 127.0.0.1 only', async () => {
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    expect(await setting('unix_socket_directories')).toBe('');
    // All of 127.0.0.0/8 is this host, so a server that listened on all addresses would accept this
    // too.
    const elsewhere = connect(Number(new URL(server.url).port), '127.0.0.2');
    const [error] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('requires the password, which is long, random and stored as SCRAM', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'platter';
    await expect(rowsOf(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(new URL(server.url).password).toMatch(/^[\w-]{43}$/);
    expect(
      await rowsOf(server.url, 'select rolname, left(rolpassword, 14) as kept from pg_authid where rolcanlogin'),
    ).toEqual([{ rolname: 'platter', kept: 'SCRAM-SHA-256$' }]);
    const rules = await rowsOf(server.url, 'select distinct auth_method from pg_hba_file_rules');
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
  });

  it('has the password in no command line and no log, only in a file that its owner alone can read', async () => {
    const { password } = new URL(server.url);
    const { stdout: commands } = await promisify(execFile)('ps', ['-A', '-o', 'args='], { maxBuffer: 2 ** 24 });
    expect(commands).toContain(dataFolderOf(directory));
    expect(commands).not.toContain(password);
    expect(server.said.join()).not.toContain(password);

    const holding: string[] = [];
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(path)).includes(password)) holding.push(path);
    }
    const passwordFile = join(directory, 'postgres', 'cluster', 'password');
    expect(holding).toEqual([passwordFile]);
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
  });

  it('passes none of its own environment to the database', async () => {
    const { stdout } = await promisify(execFile)('ps', [
      'eww',
      '-o',
      'args=',
      '-p',
      String(await postmasterOf(directory)),
    ]);
    expect(stdout).toContain('LC_ALL=C');
    expect(process.env.PLATTER_TEST_SERVER).toBeDefined();
    expect(stdout).not.toContain('PLATTER_TEST_SERVER');
  });

  it('runs the database as an ordinary user that owns its files', async () => {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'uid=', '-p', String(await postmasterOf(directory))]);
    const { uid, mode } = await stat(dataFolderOf(directory));
    expect(Number(stdout)).toBe(uid);
    expect(mode & 0o777).toBe(0o700);
    // Root cannot run PostgreSQL; other users run it themselves.
    if (process.getuid!() === 0) expect(uid).not.toBe(0);
    else expect(uid).toBe(process.getuid!());
  });

  it('keeps statements and rows out of its log', async () => {
    await rowsOf(server.url, 'create table rows (secret text primary key)');
    await rowsOf(server.url, "insert into rows values ('drumlin')");
    await expect(rowsOf(server.url, "insert into rows values ('drumlin')")).rejects.toThrow('duplicate key');
    const folder = join(directory, 'postgres', 'log');
    const logged = await until('the refusal is in the log', async () => {
      const files = await Promise.all(
        (await readdir(folder)).map(async (name) => readFile(join(folder, name), 'utf8')),
      );
      return files.some((text) => text.includes('duplicate key')) && files.join();
    });
    expect(logged).not.toContain('drumlin');
  });

  it('keeps only the newest files of its log', async () => {
    await server.script.end('SIGTERM');
    const folder = join(directory, 'postgres', 'log');
    for (let day = 10; day < 30; day += 1) {
      const path = join(folder, `postgres-200001${day}-000000.log`);
      await writeFile(path, 'old');
      await utimes(path, 0, 0);
    }
    server = await runServer(directory);
    const left = (await readdir(folder)).sort();
    expect(left).toHaveLength(6);
    expect(left[0]).toBe('postgres-20000126-000000.log');
  });
});
