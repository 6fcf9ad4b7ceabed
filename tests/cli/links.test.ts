import { createDisk, openDepot, type Depot } from './depot.ts';

interface Link {
  readonly id: string;
  readonly note: string;
}

describe('platter link and platter uploads', () => {
  let depot: Depot;
  let disk: string;
  beforeAll(async () => {
    depot = await openDepot();
    disk = await createDisk(depot.api, 'disk.img');
  });

  const links = async (): Promise<readonly Link[]> =>
    (await depot.api.ask<{ items: Link[] }>(`GET /media/${disk}/links`)).items;

  it('link prints a whole URL that serves the item; ls lists and rm deletes it', async () => {
    const url = (await depot.workplace.output(['link', 'disk.img', '--expires', '1h', '--note', 'rack 7'])).trim();
    expect(url.startsWith(`${depot.platter.url}/l/`)).toBe(true);
    const served = await fetch(url);
    expect([served.status, (await served.arrayBuffer()).byteLength]).toEqual([200, 512]);
    expect(JSON.parse(await depot.workplace.output(['link', 'ls', 'disk.img', '--json']))).toEqual(await links());
    const terminal = depot.workplace.terminal(['link', 'ls', 'disk.img']);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ID +NOTE +NETWORKS +EXPIRES +LAST USED +SERVED\n\w{8} +rack 7 /);
    expect(await depot.workplace.run(['link', 'rm', 'disk.img', 'rack 7'])).toMatchObject({ code: 0, output: '' });
    expect([(await fetch(url)).status, await links()]).toEqual([404, []]);
    expect(await depot.workplace.run(['link', 'rm', 'disk.img', 'rack 7'])).toMatchObject({ code: 3, output: '' });
  });

  it('link limits a link to networks, and refuses what is no duration', async () => {
    const words = ['link', 'disk.img', '--network', '10.0.0.0/8', '--network', '192.0.2.0/24', '--json'];
    expect(JSON.parse(await depot.workplace.output(words))).toMatchObject({
      networks: ['10.0.0.0/8', '192.0.2.0/24'],
    });
    expect(await depot.workplace.run(['link', 'disk.img', '--expires', 'soon'])).toMatchObject({ code: 2 });
    expect(await depot.workplace.run(['link', 'none.img'])).toMatchObject({ code: 3, output: '' });
  });

  it('uploads lists open uploads, and abort ends one', async () => {
    const metadata = Object.entries({ name: 'half.img', group: '0', pool: '1', type: 'DISK' })
      .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
      .join(',');
    const created = await fetch(`${depot.platter.url}/uploads`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${depot.token}`,
        'tus-resumable': '1.0.0',
        'upload-length': '1024',
        'upload-metadata': metadata,
      },
    });
    expect(created.status).toBe(201);
    const { items } = await depot.api.ask<{ items: { id: string }[] }>('GET /uploads');
    expect(JSON.parse(await depot.workplace.output(['uploads', '--json']))).toEqual(items);
    const terminal = depot.workplace.terminal(['uploads']);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ID +NAME +GROUP +ARRIVED +OF +STATE +EXPIRES\n\w{8} +half\.img /);
    expect(await depot.workplace.run(['uploads', 'abort', 'half.img'])).toEqual({
      code: 0,
      output: '',
      complaints: `Aborted the upload of half.img (${items[0]!.id}).\n`,
    });
    expect(await depot.workplace.output(['uploads'])).toBe('');
    expect(await depot.workplace.run(['uploads', 'abort', 'half.img'])).toMatchObject({ code: 3 });
  });
});
