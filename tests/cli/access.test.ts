import { openDepot, type Depot } from './depot.ts';

interface Assignment {
  readonly pool: number;
  readonly quota: number;
  readonly write: boolean;
  readonly manage: boolean;
}

const LIST = 'velocity.media.list';
const CREATE = 'velocity.media.create';

describe('Permissions and assignments on the command line', () => {
  let depot: Depot;
  let build: number;
  let hopper: number;
  beforeAll(async () => {
    depot = await openDepot();
    const { id: lab } = await depot.api.ask<{ id: number }>('POST /groups', { name: 'lab', parent: 0 });
    build = (await depot.api.ask<{ id: number }>('POST /groups', { name: 'build', parent: lab })).id;
    hopper = (await depot.api.ask<{ id: number }>('POST /users', { name: 'hopper', password: 'correct horse' })).id;
  });

  const permissions = async (): Promise<readonly string[]> => {
    const { items } = await depot.api.ask<{ items: { permissions: string[] }[] }>(`GET /groups/${build}/members`);
    return items.flatMap((member) => member.permissions);
  };
  const assignments = async (): Promise<readonly Assignment[]> =>
    (await depot.api.ask<{ items: Assignment[] }>(`GET /groups/${build}/assignments`)).items;

  it('platter grant gives permissions, with or without their prefix', async () => {
    const { code, output, complaints } = await depot.workplace.run([
      ...['grant', 'hopper', 'lab/build', 'media.list', CREATE],
    ]);
    expect([code, output]).toEqual([0, '']);
    expect(complaints).toBe(`hopper has ${LIST} on lab/build now.\nhopper has ${CREATE} on lab/build now.\n`);
    expect(await permissions()).toEqual(expect.arrayContaining([LIST, CREATE]));
  });

  it('platter group grants lists who may what, and where it was granted', async () => {
    await depot.workplace.run(['grant', 'hopper', 'lab', 'media.list']);
    const { items } = await depot.api.ask<{ items: object[] }>(`GET /groups/${build}/grants`);
    expect(JSON.parse(await depot.workplace.output(['group', 'grants', 'lab/build', '--json']))).toEqual(items);
    const lines = (await depot.workplace.output(['group', 'grants', 'lab/build'])).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith(`${hopper}\t`)).sort()).toEqual([
      `${hopper}\thopper\t${CREATE}\tlab/build`,
      `${hopper}\thopper\t${LIST}\tlab`,
      `${hopper}\thopper\t${LIST}\tlab/build`,
    ]);
    const terminal = depot.workplace.terminal(['group', 'grants', 'lab/build'], { columns: 60 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ *ID +USER +PERMISSION +GRANTED ON\n/);
  });

  it('platter revoke takes one, or all', async () => {
    expect(await depot.workplace.run(['revoke', 'hopper', 'lab/build', 'media.create'])).toMatchObject({
      code: 0,
      complaints: `hopper has no ${CREATE} of its own on lab/build any more.\n`,
    });
    expect(await permissions()).toEqual([LIST]);
    expect(await depot.workplace.run(['revoke', String(hopper), 'lab/build', '--all'])).toMatchObject({ code: 0 });
    expect(await permissions()).toEqual([]);
  });

  it.each([
    ['3 for a user that does not exist', ['grant', 'nobody', 'lab', 'media.list'], 3, 'there is no user "nobody"'],
    ['3 for a group that does not exist', ['grant', 'hopper', 'shop', 'media.list'], 3, 'there is no group "shop"'],
    ['3 for an unknown permission', ['grant', 'hopper', 'lab', 'media.eat'], 3, /permission/i],
    ['2 without a permission', ['revoke', 'hopper', 'lab'], 2, 'Name permissions, or use --all'],
    ['2 for no size', ['assign', 'lab', 'default', '--quota', 'much'], 2, '"much" is not a size'],
    ['2 for a quota of 0', ['assign', 'lab', 'default', '--quota', '0'], 2, 'Write "none" for no limit'],
    ['3 for a pool that does not exist', ['assign', 'lab', 'attic'], 3, /a pool "attic"; there are\n {2}1 default/],
  ])('ends with %s', async (_, words, code, complaint) => {
    const ended = await depot.workplace.run(words);
    expect(ended).toEqual({ code, output: '', complaints: expect.stringMatching(complaint) as string });
  });

  it('platter assign changes what the options say, and keeps the rest', async () => {
    const assign = async (...options: string[]): Promise<string> => {
      const { code, output, complaints } = await depot.workplace.run(['assign', 'lab/build', 'default', ...options]);
      expect([code, output]).toEqual([0, '']);
      return complaints;
    };
    expect(await assign('--quota', '10G', '--plan')).toBe(
      'Possible: pool 1 is assigned to lab/build: write and manage, a quota of 10.0 GiB.\n',
    );
    expect(await assignments()).toEqual([]);
    await assign('--quota', '10G');
    expect(await assignments()).toMatchObject([{ pool: 1, quota: 10 * 2 ** 30, write: true, manage: true }]);
    await assign('--no-write');
    expect(await assignments()).toMatchObject([{ quota: 10 * 2 ** 30, write: false, manage: true }]);
    expect(await assign('--quota', 'none', '--no-manage')).toBe(
      'Pool 1 is assigned to lab/build: read only, no quota.\n',
    );
    await assign('--write', '--manage', '--quota', '1.5TiB');
    expect(await assignments()).toMatchObject([{ quota: 1.5 * 2 ** 40, write: true, manage: true }]);
  });

  it('platter group pools lists them', async () => {
    expect(JSON.parse(await depot.workplace.output(['group', 'pools', 'lab/build', '--json']))).toEqual(
      await assignments(),
    );
    expect(await depot.workplace.output(['group', 'pools', 'lab/build'])).toMatch(
      /^1\tdefault\tyes\tyes\t1649267441664\t0\t1649267441664\n$/,
    );
    const terminal = depot.workplace.terminal(['group', 'pools', 'lab/build']);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ *ID +POOL +WRITE +MANAGE +QUOTA +USED +AVAILABLE\n.*1\.50 TiB/);
  });

  it('platter unassign ends the assignment', async () => {
    expect(await depot.workplace.run(['unassign', 'lab/build', 'default', '--plan'])).toMatchObject({ code: 0 });
    expect(await assignments()).toHaveLength(1);
    expect(await depot.workplace.run(['unassign', 'lab/build', '1'])).toMatchObject({
      code: 0,
      complaints: 'Pool 1 is not assigned to lab/build.\n',
    });
    expect(await assignments()).toEqual([]);
  });
});
