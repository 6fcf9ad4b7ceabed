import { NativeClient } from '../acceptance/native/native-client.ts';
import { createDisk, openDepot, type Depot } from './depot.ts';

interface Event {
  readonly action: string;
  readonly result: string;
}

describe('platter activity', () => {
  let depot: Depot;
  let disk: string;
  let hopper: number;
  beforeAll(async () => {
    depot = await openDepot();
    const { id: lab } = await depot.api.ask<{ id: number }>('POST /groups', { name: 'lab', parent: 0 });
    await depot.api.ask(`PUT /groups/${lab}/assignments/1`, { write: true, manage: true });
    disk = await createDisk(depot.api, 'a disk.img', lab);
    await depot.api.ask(`PATCH /media/${disk}`, { protected: true });
    await depot.workplace.run(['user', 'add', 'hopper'], 'correct horse\n');
    hopper = (
      await NativeClient.withPassword(depot.platter.url, 'hopper', 'correct horse').ask<{ id: number }>('GET /session')
    ).id;
  });

  const printed = async (...words: string[]): Promise<readonly Event[]> =>
    JSON.parse(await depot.workplace.output(['activity', '--json', ...words])) as Event[];
  const ofApi = async (query: string): Promise<readonly Event[]> =>
    (await depot.api.ask<{ items: Event[] }>(`GET /audit?${query}`)).items;

  it('prints the own events, newest first, as the API has them', async () => {
    const events = await printed();
    expect(events.length).toBeGreaterThan(4);
    expect(events).toEqual(await ofApi('limit=500'));
  });

  it('finds what every filter says', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    for (const [words, query] of [
      [['--group', 'lab'], 'group=1'],
      [['--user', 'hopper'], `user=${hopper}`],
      [['--pool', 'default'], 'pool=1'],
      [['--media', 'lab/a disk.img'], `media=${disk}`],
      [['--media', disk, '--action', 'media.edit'], `media=${disk}&action=media.edit`],
      [['--result', 'done', '--since', '1h'], `result=done&since=${since}`],
      [['--limit', '2'], 'limit=2'],
    ] as const) {
      const found = await printed(...words);
      expect([words, found]).toEqual([words, await ofApi(query)]);
      expect([words, found.length]).not.toEqual([words, 0]);
    }
    expect(await printed('--until', '2020-01-31')).toEqual([]);
  });

  it('shows names on a terminal, and ids to programs', async () => {
    const terminal = depot.workplace.terminal(['activity', '--media', disk], { columns: 140 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^TIME +ACTION +RESULT +BY +ABOUT +THROUGH +ADDRESS\n/);
    expect(terminal.seen()).toMatch(/media\.edit +done +root +media a disk\.img, group lab, pool default +native/);
    const [line = ''] = (await depot.workplace.output(['activity', '--media', disk])).split('\n');
    expect(line.split('\t').slice(1, 5)).toEqual(['media.edit', 'done', '0', `media ${disk}, group 1, pool 1`]);
  });

  it.each([
    ['2 for no time', ['--since', 'yesterday'], 2],
    ['2 for no count', ['--limit', '0'], 2],
    ['3 for a group that does not exist', ['--group', 'shop'], 3],
  ])('ends with %s', async (_, words, code) => {
    expect(await depot.workplace.run(['activity', ...words])).toMatchObject({ code, output: '' });
  });
});
