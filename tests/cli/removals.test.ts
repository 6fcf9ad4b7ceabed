import { createDisk, openDepot, type Depot } from './depot.ts';

interface Group {
  readonly id: number;
  readonly path: readonly number[];
}

describe('Removing groups and users on the command line', () => {
  let depot: Depot;
  const groups = new Map<string, number>();

  beforeEach(async () => {
    depot = await openDepot();
    groups.clear();
    for (const [path, parent, name] of [
      ['lab', 0, 'lab'],
      ['lab/build', 1, 'build'],
      ['lab/build/old', 2, 'old'],
    ] as const) {
      const { id } = await depot.api.ask<Group>('POST /groups', { name, parent });
      groups.set(path, id);
      await depot.api.ask(`PUT /groups/${id}/assignments/1`, { write: true, manage: true });
    }
    await createDisk(depot.api, 'one.img', groups.get('lab/build'), 1024);
    await createDisk(depot.api, 'two.img', groups.get('lab/build/old'), 2048);
  });

  const groupsOfApi = async (): Promise<readonly Group[]> =>
    (await depot.api.ask<{ items: Group[] }>('GET /groups')).items;
  const ids = async (): Promise<readonly number[]> => (await groupsOfApi()).map(({ id }) => id);

  it('platter group rm --plan lists what would go, and changes nothing', async () => {
    const { code, output, complaints } = await depot.workplace.run(['group', 'rm', 'lab/build', '--plan']);
    expect([code, output]).toEqual([
      0,
      `${groups.get('lab/build')}\tlab/build\n${groups.get('lab/build/old')}\tlab/build/old\n`,
    ]);
    expect(complaints).toBe('This would delete lab/build with 1 group below it and 2 items (3.00 KiB).\n');
    const printed = await depot.workplace.run(['group', 'rm', 'lab/build', '--plan', '--json']);
    const build = groups.get('lab/build')!;
    expect(JSON.parse(printed.output)).toEqual((await groupsOfApi()).filter(({ path }) => path.includes(build)));
    expect(await ids()).toHaveLength(4);
  });

  it('platter group rm asks on a terminal, and takes no for no', async () => {
    const refused = depot.workplace.terminal(['group', 'rm', 'lab/build']);
    await refused.sees(/Delete lab\/build with 1 group below it and 2 items \(3\.00 KiB\) for good\? \(y\/N\)/);
    refused.type('\r');
    expect(await refused.ended).toBe(1);
    expect(refused.seen()).toContain('Nothing has changed.');
    expect(await ids()).toHaveLength(4);

    const confirmed = depot.workplace.terminal(['group', 'rm', 'lab/build']);
    await confirmed.sees(/for good\?/);
    confirmed.type('y\r');
    expect(await confirmed.ended).toBe(0);
    expect(await ids()).toEqual([0, groups.get('lab')]);
  });

  it('platter group rm needs --yes in a pipe', async () => {
    const { code, complaints } = await depot.workplace.run(['group', 'rm', 'lab/build'], 'y\n');
    expect([code, complaints]).toEqual([2, expect.stringContaining('Use --yes where no terminal can answer.')]);
    expect(await ids()).toHaveLength(4);
    expect(await depot.workplace.run(['group', 'rm', 'lab/build/old', '--yes'])).toEqual({
      code: 0,
      output: '',
      complaints: 'Deleted lab/build/old with 1 item (2.00 KiB).\n',
    });
    expect(await ids()).toHaveLength(3);
  });

  it('platter group rm names protected items before it asks', async () => {
    const kept = await createDisk(depot.api, 'kept.img', groups.get('lab/build/old'));
    await depot.api.ask(`PATCH /media/${kept}`, { protected: true });
    const terminal = depot.workplace.terminal(['group', 'rm', 'lab']);
    expect(await terminal.ended).toBe(1);
    expect(terminal.seen()).toContain('1 protected item (kept.img): remove the protection first');
    expect(terminal.seen()).not.toContain('for good?');
  });

  it('platter user rm asks, and deletes several users', async () => {
    for (const name of ['ada', 'bob', 'eve']) {
      await depot.api.ask('POST /users', { name, password: 'correct horse' });
    }
    const names = async (): Promise<readonly string[]> =>
      (await depot.api.ask<{ items: { name: string }[] }>('GET /users')).items.map(({ name }) => name);
    expect(await depot.workplace.run(['user', 'rm', 'ada', '--plan'])).toMatchObject({
      code: 0,
      complaints: 'This would delete user ada.\n',
    });
    const terminal = depot.workplace.terminal(['user', 'rm', 'ada', 'bob']);
    await terminal.sees(/Delete users ada, bob\? \(y\/N\)/);
    terminal.type('y\r');
    expect(await terminal.ended).toBe(0);
    expect(await names()).toEqual(['root', 'eve']);
    expect(await depot.workplace.run(['user', 'rm', 'root', '--yes'])).toMatchObject({ code: 4, output: '' });
    expect(await depot.workplace.run(['user', 'rm', 'ada', '--yes'])).toMatchObject({ code: 3 });
    expect(await depot.workplace.run(['user', 'rm', 'eve', '--yes'])).toMatchObject({ code: 0 });
    expect(await names()).toEqual(['root']);
  });
});
