import { NativeClient } from '../acceptance/native/native-client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { openDepot, type Depot } from './depot.ts';

interface Token {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly groups: readonly number[] | null;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

describe('platter token', () => {
  let depot: Depot;
  beforeAll(async () => {
    depot = await openDepot();
    await depot.api.ask('POST /groups', { name: 'lab', parent: 0 });
  });

  const tokens = async (): Promise<readonly Token[]> => (await depot.api.ask<{ items: Token[] }>('GET /tokens')).items;

  it('new asks for the password, and prints the token alone', async () => {
    const terminal = depot.workplace.terminal(['token', 'new', 'nightly', '--scope', 'write']);
    await terminal.sees(/Password of root at http/);
    terminal.type(`${ROOT_PASSWORD}\r`);
    expect(await terminal.ended).toBe(0);
    expect(terminal.drawn()).not.toContain(ROOT_PASSWORD);
    const [secret = ''] = /plt_\S+/.exec(terminal.seen()) ?? [];
    expect(await NativeClient.withBearer(depot.platter.url, secret).ask('GET /session')).toMatchObject({
      name: 'root',
    });
    expect(await tokens()).toContainEqual(expect.objectContaining({ name: 'nightly', scope: 'write' }));
  });

  it('new limits a token to groups and a time', async () => {
    const words = ['token', 'new', 'inventory', '--group', 'lab', '--expires', '30d', '--json'];
    const { code, output } = await depot.workplace.run(words, `${ROOT_PASSWORD}\n`);
    expect(code).toBe(0);
    const { token, ...created } = JSON.parse(output) as Token & { token: string };
    expect(token).toMatch(/^plt_/);
    expect(await tokens()).toContainEqual(created);
    expect(created).toMatchObject({ scope: 'read', groups: [1] });
    const days = (Date.parse(created.expires_at!) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
  });

  it('without a command lists the tokens', async () => {
    const all = await tokens();
    for (const words of [
      ['token', '--json'],
      ['token', 'ls', '--json'],
    ]) {
      // The command itself uses a token.
      const listed = JSON.parse(await depot.workplace.output(words)) as { last_used_at: unknown }[];
      expect(listed.map((token, at) => ({ ...token, last_used_at: all[at]?.last_used_at }))).toEqual(all);
    }
    const rows = (await depot.workplace.output(['token'])).trimEnd().split('\n');
    expect(rows.map((row) => row.split('\t').slice(0, 4))).toContainEqual([
      all.find(({ name }) => name === 'inventory')!.id,
      'inventory',
      'read',
      'lab',
    ]);
    const terminal = depot.workplace.terminal(['token'], { columns: 80 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ID +NAME +SCOPE +GROUPS +CREATED +EXPIRES +LAST USED\n/);
  });

  it('rm deletes by name and id, and lists what a name may mean', async () => {
    const [first, second] = await Promise.all(
      ['twin', 'twin'].map(async (name) => depot.api.ask<Token>('POST /tokens', { name, scope: 'read' })),
    );
    const ambiguous = await depot.workplace.run(['token', 'rm', 'twin'], `${ROOT_PASSWORD}\n`);
    expect(ambiguous).toMatchObject({ code: 2, output: '' });
    for (const { id } of [first!, second!]) expect(ambiguous.complaints).toContain(id);

    const words = ['token', 'rm', first!.id.slice(0, 13), second!.id, 'nightly'];
    const { code, complaints } = await depot.workplace.run(words, `${ROOT_PASSWORD}\n`);
    expect([code, complaints]).toEqual([0, expect.stringContaining('Token nightly (')]);
    expect((await tokens()).map(({ name }) => name).sort()).toEqual(['cli', 'inventory']);
  });

  it.each([
    ['3 for a token that does not exist', ['token', 'rm', 'weekly'], `${ROOT_PASSWORD}\n`, 3],
    ['4 for a wrong password', ['token', 'new', 'weekly'], 'wrong\n', 4],
    ['2 without a password', ['token', 'new', 'weekly'], '', 2],
    ['2 for another scope', ['token', 'new', 'weekly', '--scope', 'all'], `${ROOT_PASSWORD}\n`, 2],
    ['2 for no duration', ['token', 'new', 'weekly', '--expires', 'soon'], `${ROOT_PASSWORD}\n`, 2],
  ])('ends with %s', async (_, words, input, code) => {
    expect(await depot.workplace.run(words, input)).toMatchObject({ code, output: '' });
  });
});
