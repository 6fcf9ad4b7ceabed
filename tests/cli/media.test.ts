import { createDisk, openDepot, type Depot } from './depot.ts';

describe('platter ls and platter show', () => {
  let depot: Depot;
  const groups = new Map<string, number>();
  const items = new Map<string, string>();

  const group = async (path: string): Promise<number> => {
    const [name = '', ...above] = path.split('/').reverse();
    const parent = above.length === 0 ? 0 : groups.get(above.reverse().join('/'))!;
    const { id } = await depot.api.ask<{ id: number }>('POST /groups', { name, parent });
    groups.set(path, id);
    await depot.api.ask(`PUT /groups/${id}/assignments/1`, { write: true, manage: true });
    return id;
  };

  beforeAll(async () => {
    depot = await openDepot();
    for (const path of ['lab', 'lab/build', 'shop', 'shop/build']) await group(path);
    const disks: readonly (readonly [string, string])[] = [
      ['lab', 'one.img'],
      ['lab/build', 'two.img'],
      ['shop/build', 'with/slash.img'],
      ['shop', 'b'],
    ];
    for (const [path, name] of disks) items.set(name, await createDisk(depot.api, name, groups.get(path)));
  });

  it('list all items in a table that fits the terminal', async () => {
    const terminal = depot.workplace.terminal(['ls'], { columns: 80 });
    expect(await terminal.ended).toBe(0);
    const lines = terminal.seen().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ID +NAME +GROUP +POOL +TYPE +FORMAT +SIZE +STATE +CREATED/);
    expect(lines).toHaveLength(items.size + 1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('list exact values for programs, separated by tabs', async () => {
    const lines = (await depot.workplace.output(['ls', 'lab'])).trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t').slice(0, 8))).toEqual([
      [items.get('one.img'), 'one.img', 'lab', '1', 'DISK', 'raw', '512', 'ready'],
      [items.get('two.img'), 'two.img', 'lab/build', '1', 'DISK', 'raw', '512', 'ready'],
    ]);
  });

  it('print the objects of the API with --json', async () => {
    const { items: all } = await depot.api.ask<{ items: object[] }>('GET /media?sort=name');
    expect(JSON.parse(await depot.workplace.output(['ls', '--json']))).toEqual(all);
    const reversed = await depot.workplace.output([
      'ls',
      '--json',
      '--sort',
      '-name',
      '--type',
      'DISK',
      '--pool',
      'default',
    ]);
    expect(JSON.parse(reversed)).toEqual([...all].reverse());
    const id = items.get('one.img')!;
    expect(JSON.parse(await depot.workplace.output(['show', id, '--json']))).toEqual(
      await depot.api.ask(`GET /media/${id}`),
    );
  });

  it('find groups by number, path and unique name, and items by a part of the name', async () => {
    const names = async (...words: string[]): Promise<string[]> =>
      (JSON.parse(await depot.workplace.output(['ls', '--json', ...words])) as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('lab/build')).toEqual(['two.img']);
    expect(await names(String(groups.get('lab/build')))).toEqual(['two.img']);
    expect(await names('shop')).toEqual(['b', 'with/slash.img']);
    expect(await names('slash', 'lab')).toEqual(['with/slash.img', 'one.img', 'two.img']);
    const { code, complaints } = await depot.workplace.run(['ls', 'build']);
    expect(code).toBe(2);
    expect(complaints).toMatch(
      /"build" is the name of several groups:\n {2}lab\/build \(\d+\)\n {2}shop\/build \(\d+\)/,
    );
  });

  it('find an item by uuid, beginning, name, and group with name', async () => {
    for (const [text, name] of [
      [items.get('one.img')!, 'one.img'],
      [items.get('one.img')!.slice(0, 13), 'one.img'],
      ['two.img', 'two.img'],
      ['lab/build/two.img', 'two.img'],
      ['build/two.img', 'two.img'],
      ['with/slash.img', 'with/slash.img'],
      ['shop/build/with/slash.img', 'with/slash.img'],
      ['b', 'b'],
    ] as const) {
      const found = JSON.parse(await depot.workplace.output(['show', text, '--json'])) as { name: string };
      expect([text, found.name]).toEqual([text, name]);
    }
  });

  it('end with 3 for an item that does not exist', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const text of ['no-such.img', 'lab/two.img', unknown]) {
      const { code, output, complaints } = await depot.workplace.run(['show', text]);
      expect([code, output]).toEqual([3, '']);
      expect(complaints).toContain(`there is no item`);
    }
  });

  it('list the candidates of an ambiguous name', async () => {
    const pool = await depot.api.ask<{ id: string }>('POST /media', {
      name: 'cafe01.img',
      group: 0,
      pool: 1,
      size: 512,
    });
    const prefix = pool.id.slice(0, 8);
    const twin = await createDisk(depot.api, prefix, groups.get('lab'));
    const { code, complaints } = await depot.workplace.run(['show', prefix]);
    expect(code).toBe(2);
    for (const text of [pool.id, `lab/${prefix}`, twin]) expect(complaints).toContain(text);
  });

  it('show the facts of an item', async () => {
    const output = await depot.workplace.output(['show', 'two.img']);
    for (const line of [
      /^Name: +two\.img$/m,
      /^Group: +lab\/build$/m,
      /^Size: +512 bytes$/m,
      /^Created: .* by root$/m,
    ]) {
      expect(output).toMatch(line);
    }
  });

  it('never let a text of another user control the terminal', async () => {
    const id = items.get('two.img')!;
    await depot.api.ask(`PATCH /media/${id}`, { description: 'wipe \u001b[2J out' });
    const terminal = depot.workplace.terminal(['show', id]);
    expect(await terminal.ended).toBe(0);
    expect(terminal.drawn()).toContain(String.raw`wipe \u001b[2J out`);

    const description = 'erase \u009b2J, turn \u202e, delete \u007f';
    await depot.api.ask(`PATCH /media/${id}`, { description });
    const printed = await depot.workplace.output(['show', id, '--json']);
    expect(printed).toContain(String.raw`erase \u009b2J, turn \u202e, delete \u007f`);
    expect(JSON.parse(printed)).toMatchObject({ description });
  });
});
