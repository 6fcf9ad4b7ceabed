import { openDepot, type Depot } from './depot.ts';

interface Group {
  readonly id: number;
  readonly name: string;
}

describe('platter group', () => {
  let depot: Depot;
  beforeAll(async () => {
    depot = await openDepot();
  });

  const groupsOfApi = async (): Promise<readonly Group[]> =>
    (await depot.api.ask<{ items: Group[] }>('GET /groups')).items;

  it('add creates groups by path, and prints their numbers or objects', async () => {
    const { workplace, api } = depot;
    const lab = Number(await workplace.output(['group', 'add', 'lab']));
    expect(await api.ask(`GET /groups/${lab}`)).toMatchObject({ name: 'lab', parent: 0 });
    const build = JSON.parse(await workplace.output(['group', 'add', 'lab/build', '--json'])) as Group;
    expect(build).toEqual(await api.ask(`GET /groups/${build.id}`));
    expect(build).toMatchObject({ name: 'build', parent: lab });
    const slash = Number(await workplace.output(['group', 'add', 'a/b', '--parent', 'lab/build']));
    expect(await api.ask(`GET /groups/${slash}`)).toMatchObject({ name: 'a/b', parent: build.id });
  });

  it('ls lists the tree by paths, or a part of it', async () => {
    const { workplace } = depot;
    const paths = async (...words: string[]): Promise<string[]> =>
      (await workplace.output(['group', 'ls', ...words]))
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[1]!);
    expect(await paths()).toEqual(['/', 'lab', 'lab/build', 'lab/build/a/b']);
    expect(await paths('build')).toEqual(['lab/build', 'lab/build/a/b']);
    const printed = JSON.parse(await workplace.output(['group', 'ls', '--json'])) as Group[];
    expect(printed).toEqual(await groupsOfApi());

    const terminal = workplace.terminal(['group', 'ls', 'lab'], { columns: 40 });
    expect(await terminal.ended).toBe(0);
    const [title, ...lines] = terminal.seen().trimEnd().split('\n');
    expect(title).toMatch(/^ *ID +GROUP$/);
    expect(lines).toHaveLength(3);
  });

  it('rename gives another name', async () => {
    const { workplace } = depot;
    expect(await workplace.run(['group', 'rename', 'lab/build', 'works'])).toEqual({
      code: 0,
      output: '',
      complaints: 'Group lab/build is called works now.\n',
    });
    const works = (await groupsOfApi()).find(({ name }) => name === 'works');
    expect(JSON.parse(await workplace.output(['group', 'rename', 'works', 'build', '--json']))).toEqual({
      ...works,
      name: 'build',
    });
  });

  it.each([
    ['3 below a group that does not exist', ['group', 'add', 'shop/build'], 3, 'there is no group "shop"'],
    ['1 for a name that is taken', ['group', 'add', 'lab'], 1, /name/],
    ['3 for a group that does not exist', ['group', 'ls', 'shop'], 3, 'there is no group "shop"'],
    ['2 without a command', ['group'], 2, 'Usage: platter group'],
  ])('ends with %s', async (_, words, code, complaint) => {
    const ended = await depot.workplace.run(words);
    expect(ended).toMatchObject({ code, output: '' });
    expect(ended.complaints).toEqual(expect.stringMatching(complaint));
  });

  it('says which token may change groups', async () => {
    const { token } = await depot.api.ask<{ token: string }>('POST /tokens', { name: 'cli', scope: 'write' });
    const ended = await depot.workplace.with({ PLATTER_TOKEN: token }).run(['group', 'add', 'shop']);
    expect(ended).toMatchObject({ code: 4, output: '' });
    expect(ended.complaints).toContain('platter login --scope admin');
  });
});
