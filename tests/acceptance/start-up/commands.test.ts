import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logIn, send } from '../../support/http/client.ts';
import { createTestDatabase, rowsOf } from '../../support/database/test-database.ts';
import { SETTINGS } from '../../../src/infrastructure/config/settings.ts';
import { Installation } from './installation.ts';

const tables = `select table_name from information_schema.tables where table_schema = 'public'`;

describe('platter', () => {
  it('prints its commands, settings and version, and creates no file', async () => {
    const installation = await Installation.embedded({ initialised: false });
    const help = await installation.run(['--help']);
    expect(help).toMatchObject({ code: 0, complaints: '' });
    for (const word of ['serve', 'migrate', 'user', 'doctor', 'scrub']) expect(help.output).toContain(word);
    const { output: settings } = await installation.run(['serve', '--help']);
    for (const name of Object.keys(SETTINGS)) expect(settings).toContain(name);

    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await installation.run(['--version'])).toMatchObject({ code: 0, output: version, complaints: '' });
    expect(await readdir(installation.folder)).toEqual([]);
  });

  it('refuses an unknown command', async () => {
    const installation = await Installation.embedded({ initialised: false });
    const { code, complaints } = await installation.run(['sevre']);
    expect([code, complaints.split('\n')[0]]).toEqual([2, "error: unknown command 'sevre'"]);
  });

  it('runs the migrations, and nothing the second time', async () => {
    const { url } = await createTestDatabase({ migrated: false });
    const installation = await Installation.beside(url);
    expect(await rowsOf(url, tables)).toEqual([]);
    expect(await installation.run(['migrate'])).toMatchObject({ code: 0, complaints: '' });
    const made = await rowsOf(url, tables);
    expect(made.length).toBeGreaterThan(5);
    expect(await installation.run(['migrate'])).toMatchObject({ code: 0, complaints: '' });
    expect(await rowsOf(url, tables)).toEqual(made);
    expect(await rowsOf(url, 'select id from users')).toEqual([]);
  });

  describe('with its own database', () => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await Installation.embedded();
    });

    const authenticates = async (url: string, authkey: string): Promise<boolean> => {
      const headers = { authorization: `Bearer ${authkey}` };
      return (await send(url, { method: 'POST', path: '/u/user', headers })).status === 200;
    };

    it('migrates it without a server, and leaves no server running', async () => {
      expect(await installation.run(['migrate'])).toMatchObject({ code: 0, complaints: '' });
      const left = await readdir(installation.dataDirectory);
      expect(left).toContain('postgres');
      expect(left).not.toContain('connection.json');
    });

    it('sets the password of a user beside a running server, and revokes the authkeys', async () => {
      const platter = installation.start();
      const url = await platter.ready();
      const client = await logIn(url, 'root', await installation.rootPassword());
      expect(await installation.run(['migrate'])).toMatchObject({ code: 0, complaints: '' });
      expect(await installation.run(['doctor'])).toMatchObject({ code: 0, complaints: '' });
      expect(await authenticates(url, client.authkey)).toBe(true);

      const password = 'a drumlin beside';
      const changed = await installation.run(['user', 'password', 'root'], {}, `${password}\n`);
      expect(changed).toEqual({ code: 0, signal: null, output: '', complaints: '' });
      expect(await authenticates(url, client.authkey)).toBe(false);
      await logIn(url, 'root', password);
      await platter.stop();
    });

    it('sets the password of a user without a server, even with a stale connection file', async () => {
      await writeFile(
        join(installation.dataDirectory, 'connection.json'),
        JSON.stringify({ databaseUrl: 'postgresql://platter:left@127.0.0.1:1/platter' }),
      );
      const password = 'an esker alone';
      const changed = await installation.run(['user', 'password', 'root'], {}, `${password}\n`);
      expect(changed).toMatchObject({ code: 0, complaints: '' });

      const platter = installation.start();
      await logIn(await platter.ready(), 'root', password);
      await Promise.all(
        [
          ['root', '', 'standard input has no password'],
          ['root', '\n', 'a password must not be empty'],
          ['root', `${'x'.repeat(1025)}\n`, 'a password has at most 1024 bytes in UTF-8'],
          ['nobody', 'a kame\n', 'there is no user named nobody'],
        ].map(async ([name, input, complaint]) => {
          const { code, complaints } = await installation.run(['user', 'password', name!], {}, input);
          expect([code, complaints.split('\n')[0]]).toEqual([1, `platter: ${complaint}`]);
        }),
      );
      await platter.stop();
    });
  });
});
