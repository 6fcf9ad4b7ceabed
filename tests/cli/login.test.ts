import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeClient } from '../acceptance/native/native-client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { Workplace } from './command.ts';
import { createDisk, openDepot, type Depot } from './depot.ts';

interface Token {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
}

describe('platter login', () => {
  let depot: Depot;
  let workplace: Workplace;
  beforeAll(async () => {
    depot = await openDepot();
  });
  beforeEach(async () => {
    workplace = await Workplace.open();
  });

  const tokens = async (): Promise<readonly Token[]> =>
    (await depot.api.ask<{ items: Token[] }>('GET /tokens')).items.filter(({ name }) => name !== 'cli');
  const configFile = (): string => join(workplace.folder, '.config', 'platter', 'config.json');

  it('asks for the password without echo, and keeps a token in a file that only the user can read', async () => {
    const terminal = workplace.terminal(['login', depot.platter.url, '--user', 'root']);
    await terminal.sees(/Password of root at http/);
    terminal.type(`${ROOT_PASSWORD}\r`);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toContain('Logged in to');
    expect(terminal.drawn()).not.toContain(ROOT_PASSWORD);

    const file = await readFile(configFile(), 'utf8');
    expect(file).toContain('"token": "plt_');
    expect(file).not.toContain(ROOT_PASSWORD);
    expect((await stat(configFile())).mode & 0o777).toBe(0o600);
    await createDisk(depot.api, 'listed.img');
    expect(await workplace.output(['ls'])).toContain('listed.img');
  });

  it('ends the token of the login before, and makes it with the scope that was asked for', async () => {
    const before = (await tokens()).length;
    for (const scope of ['read', 'admin']) {
      const words = ['login', depot.platter.url, '--user', 'root', '--scope', scope];
      expect(await workplace.run(words, `${ROOT_PASSWORD}\n`)).toMatchObject({ code: 0, output: '' });
    }
    const now = await tokens();
    expect(now).toHaveLength(before + 1);
    expect(now.map(({ scope }) => scope)).toContain('admin');
  });

  it('keeps several profiles', async () => {
    const words = ['login', depot.platter.url, '--user', 'root', '--profile', 'lab'];
    expect(await workplace.run(words, `${ROOT_PASSWORD}\n`)).toMatchObject({ code: 0 });
    expect(await workplace.run(['ls'])).toMatchObject({ code: 2 });
    expect(await workplace.run(['ls', '--profile', 'lab', '--json'])).toMatchObject({ code: 0 });
    expect(await workplace.run(['--profile', 'lab', 'ls', '--json'])).toMatchObject({ code: 0 });
  });

  it('keeps an existing token with --token', async () => {
    const words = ['login', depot.platter.url, '--token'];
    expect(await workplace.run(words, `${depot.token}\n`)).toMatchObject({ code: 0, output: '' });
    expect(await workplace.run(['ls', '--json'])).toMatchObject({ code: 0 });
    expect(await workplace.run(words, 'plt_wrong\n')).toMatchObject({ code: 4, output: '' });
  });

  it('ends with 4 and keeps nothing for a wrong password', async () => {
    const { code, output, complaints } = await workplace.run(['login', depot.platter.url, '--user', 'root'], 'wrong\n');
    expect([code, output]).toEqual([4, '']);
    expect(complaints).toMatch(/^platter: /);
    await expect(readFile(configFile())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends with 130 for Ctrl-C at the prompt', async () => {
    const terminal = workplace.terminal(['login', depot.platter.url, '--user', 'root']);
    await terminal.sees(/Password of root/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
  });

  it('says what to do when the token may not do something', async () => {
    const reader = await depot.api.ask<{ token: string }>('POST /tokens', { name: 'cli', scope: 'read' });
    expect(await NativeClient.withBearer(depot.platter.url, reader.token).ask('GET /media')).toBeDefined();
    const { code } = await workplace
      .with({ PLATTER_URL: depot.platter.url, PLATTER_TOKEN: reader.token })
      .run(['ls', '--json']);
    expect(code).toBe(0);
  });
});
