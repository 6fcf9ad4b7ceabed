import { NativeClient } from '../acceptance/native/native-client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { openDepot, type Depot } from './depot.ts';

interface User {
  readonly id: number;
  readonly name: string;
}

const PASSWORD = 'correct horse';

describe('platter user', () => {
  let depot: Depot;
  beforeAll(async () => {
    depot = await openDepot();
  });

  /** Creates a user with the password. */
  const add = async (name: string): Promise<number> =>
    (await depot.api.ask<User>('POST /users', { name, password: PASSWORD })).id;

  /** Returns the user as whom a password logs in. */
  const loggedIn = async (name: string, password: string): Promise<unknown> =>
    (await NativeClient.withPassword(depot.platter.url, name, password).ask<User>('GET /session')).name;

  it('add asks for the password twice without echo', async () => {
    const terminal = depot.workplace.terminal(['user', 'add', 'hopper']);
    await terminal.sees(/Password of the new user hopper:/);
    terminal.type(`${PASSWORD}\r`);
    await terminal.sees(/Once more:/);
    terminal.type(`${PASSWORD}\r`);
    expect(await terminal.ended).toBe(0);
    expect(terminal.drawn()).not.toContain(PASSWORD);
    expect(await loggedIn('hopper', PASSWORD)).toBe('hopper');
  });

  it('add creates nobody when the second password differs', async () => {
    const terminal = depot.workplace.terminal(['user', 'add', 'typo']);
    await terminal.sees(/Password of the new user typo:/);
    terminal.type(`${PASSWORD}\r`);
    await terminal.sees(/Once more:/);
    terminal.type('wrong\r');
    expect(await terminal.ended).toBe(2);
    expect(await depot.workplace.output(['user', 'ls'])).not.toContain('typo');
  });

  it('add reads the password from a pipe, and prints the number or the object', async () => {
    const { output, code } = await depot.workplace.run(['user', 'add', 'lovelace'], `${PASSWORD}\n`);
    expect([code, output]).toEqual([0, expect.stringMatching(/^\d+\n$/)]);
    expect(await loggedIn('lovelace', PASSWORD)).toBe('lovelace');
    const printed = await depot.workplace.run(['user', 'add', 'turing', '--json'], PASSWORD);
    expect(JSON.parse(printed.output)).toEqual({ id: Number(output) + 1, name: 'turing' });
  });

  it('ls lists all users', async () => {
    const { items } = await depot.api.ask<{ items: User[] }>('GET /users');
    expect(JSON.parse(await depot.workplace.output(['user', 'ls', '--json']))).toEqual(items);
    expect(await depot.workplace.output(['user', 'ls'])).toBe(items.map(({ id, name }) => `${id}\t${name}\n`).join(''));
    const terminal = depot.workplace.terminal(['user', 'ls']);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ *ID +NAME\n/);
  });

  it('show and home find a user by name and number', async () => {
    const id = await add('noether');
    const { id: group } = await depot.api.ask<User>('POST /groups', { name: 'lab', parent: 0 });
    const permission = 'velocity.media.create';
    await depot.api.ask(`POST /groups/${group}/grants`, { user: id, permission });
    expect(await depot.workplace.run(['user', 'home', 'noether', 'lab'])).toEqual({
      code: 0,
      output: '',
      complaints: 'The home group of noether is lab now.\n',
    });
    const printed = await depot.workplace.output(['user', 'show', 'noether']);
    expect(printed).toMatch(/^Home group: +lab$/m);
    expect(printed).toMatch(/^May: +velocity\.media\.create in lab$/m);
    expect(JSON.parse(await depot.workplace.output(['user', 'show', String(id), '--json']))).toEqual(
      await depot.api.ask(`GET /users/${id}`),
    );
    expect(JSON.parse(await depot.workplace.output(['user', 'show', '--json']))).toEqual(
      await depot.api.ask('GET /session'),
    );
    expect(await depot.workplace.run(['user', 'show', 'nobody'])).toMatchObject({
      code: 3,
      complaints: 'platter: there is no user "nobody"\nRun "platter user ls".\n',
    });
  });

  /** Returns the machine of a user, with a token of its own. */
  const workplaceOf = async (name: string): Promise<Depot['workplace']> => {
    await add(name);
    const { token } = await NativeClient.withPassword(depot.platter.url, name, PASSWORD).ask<{ token: string }>(
      'POST /tokens',
      { name: 'cli', scope: 'read' },
    );
    return depot.workplace.with({ PLATTER_TOKEN: token });
  };

  it('password changes the own password on a terminal', async () => {
    const workplace = await workplaceOf('curie');
    const terminal = workplace.terminal(['user', 'password']);
    for (const [question, answer] of [
      [/Current password of curie:/, PASSWORD],
      [/New password:/, 'battery staple'],
      [/Once more:/, 'battery staple'],
    ] as const) {
      await terminal.sees(question);
      terminal.type(`${answer}\r`);
    }
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toContain('The password of curie is changed.');
    expect(await loggedIn('curie', 'battery staple')).toBe('curie');
    expect(await workplace.output(['user', 'show'])).toMatch(/^Name: +curie$/m);
  });

  it('password reads both passwords from a pipe, and refuses a wrong or missing one', async () => {
    const workplace = await workplaceOf('bohr');
    expect(await workplace.run(['user', 'password'], `wrong\nbattery staple\n`)).toMatchObject({ code: 4, output: '' });
    expect(await workplace.run(['user', 'password'], `${PASSWORD}\n`)).toMatchObject({
      code: 2,
      complaints: 'platter: standard input has 1 of 2 lines\nWrite each secret to it as one line.\n',
    });
    expect(await loggedIn('bohr', PASSWORD)).toBe('bohr');
    expect(await workplace.run(['user', 'password'], `${PASSWORD}\nbattery staple\n`)).toMatchObject({ code: 0 });
    expect(await loggedIn('bohr', 'battery staple')).toBe('bohr');
  });

  it('takes no password as an argument', async () => {
    expect(await depot.workplace.run(['user', 'add', 'boole', PASSWORD])).toMatchObject({ code: 2, output: '' });
    expect(await loggedIn('root', ROOT_PASSWORD)).toBe('root');
  });
});
