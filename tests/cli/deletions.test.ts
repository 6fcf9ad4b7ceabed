import { createDisk, openDepot, type Depot } from './depot.ts';

describe('Deleting media on the command line', () => {
  let depot: Depot;
  beforeAll(async () => {
    depot = await openDepot();
  });

  const names = async (list: 'media' | 'trash'): Promise<readonly string[]> =>
    (await depot.api.ask<{ items: { name: string }[] }>(`GET /${list}?sort=name`)).items.map(({ name }) => name);

  it('rm moves items to the trash, and trash restore takes them back', async () => {
    const first = await createDisk(depot.api, 'one.img');
    const second = await createDisk(depot.api, 'two.img');
    const planned = await depot.workplace.run(['rm', 'one.img', second, '--plan']);
    expect(planned).toEqual({
      code: 0,
      output: '',
      complaints: 'This would trash one.img (512 B), two.img (512 B).\n',
    });
    expect(await names('media')).toEqual(['one.img', 'two.img']);
    expect(await depot.workplace.run(['rm', 'one.img', second])).toEqual({
      code: 0,
      output: '',
      complaints: `one.img (${first}) is in the trash.\ntwo.img (${second}) is in the trash.\n`,
    });
    expect([await names('media'), await names('trash')]).toEqual([[], ['one.img', 'two.img']]);

    const { items } = await depot.api.ask<{ items: object[] }>('GET /trash?sort=-trashed');
    expect(JSON.parse(await depot.workplace.output(['trash', '--json']))).toEqual(items);
    const terminal = depot.workplace.terminal(['trash', '--group', '/'], { columns: 120 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ID +NAME +GROUP +POOL +SIZE +TRASHED +KEPT UNTIL\n/);

    expect(await depot.workplace.run(['trash', 'restore', 'one.img'])).toMatchObject({ code: 0, output: '' });
    const renamed = await depot.workplace.run(['trash', 'restore', second.slice(0, 8), '--name', 'three.img']);
    expect(renamed).toMatchObject({ code: 0, complaints: `Restored three.img (${second}).\n` });
    expect([await names('media'), await names('trash')]).toEqual([['one.img', 'three.img'], []]);
    expect(await depot.workplace.run(['trash', 'restore', 'one.img'])).toMatchObject({ code: 3 });
    await depot.workplace.run(['rm', 'one.img', 'three.img', '--permanent', '--yes']);
  });

  it('rm --permanent asks on a terminal, and needs --yes in a pipe', async () => {
    const id = await createDisk(depot.api, 'gone.img');
    expect(await depot.workplace.run(['rm', id, '--permanent'], 'y\n')).toMatchObject({ code: 2 });
    const plan = await depot.workplace.output(['rm', id, '--permanent', '--plan', '--json']);
    expect(JSON.parse(plan)).toEqual([await depot.api.ask(`GET /media/${id}/deletion`)]);
    const terminal = depot.workplace.terminal(['rm', 'gone.img', '--permanent']);
    await terminal.sees(/Delete gone\.img \(512 B\) for good\? \(y\/N\)/);
    terminal.type('y\r');
    expect(await terminal.ended).toBe(0);
    expect([await names('media'), await names('trash')]).toEqual([[], []]);
  });

  it('rm touches nothing when one of several items is refused', async () => {
    const kept = await createDisk(depot.api, 'kept.img');
    await createDisk(depot.api, 'other.img');
    await depot.api.ask(`PATCH /media/${kept}`, { protected: true });
    expect(await depot.workplace.run(['rm', 'other.img', 'kept.img'])).toMatchObject({ code: 1, output: '' });
    expect(await depot.workplace.run(['rm', 'other.img', 'none.img'])).toMatchObject({ code: 3, output: '' });
    expect(await names('media')).toEqual(['kept.img', 'other.img']);
    await depot.api.ask(`PATCH /media/${kept}`, { protected: false });
  });

  it('trash empty asks, and says how many went', async () => {
    await depot.workplace.run(['rm', 'kept.img', 'other.img']);
    expect(await depot.workplace.run(['trash', 'empty'])).toMatchObject({ code: 2 });
    const refused = depot.workplace.terminal(['trash', 'empty']);
    await refused.sees(/Delete 2 items in the trash for good\? \(y\/N\)/);
    refused.type('\r');
    expect(await refused.ended).toBe(1);
    expect(await names('trash')).toHaveLength(2);
    expect(await depot.workplace.run(['trash', 'empty', '--group', '/', '--yes'])).toEqual({
      code: 0,
      output: '',
      complaints: 'Deleted 2 items for good.\n',
    });
    expect(await depot.workplace.run(['trash', 'empty'])).toMatchObject({
      code: 0,
      complaints: 'The trash is empty.\n',
    });
    expect(await names('trash')).toEqual([]);
  });
});
