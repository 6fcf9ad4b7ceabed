import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import { isoImage } from '../../support/images/iso-images.ts';
import { sha256 } from '../../support/files/byte-sources.ts';
import { send } from '../../support/http/client.ts';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { makeRoot } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { holdTable } from './held-table.ts';
import { Installation, type Finished } from './installation.ts';

const ISO = isoImage();
const DISK = Buffer.from('the bytes of a disk');
const GOOD = { media: 'disk', file: 'disk.img', sha256: sha256(DISK) };

const EXAMPLES = [
  ['cdrom', 'Harbour Linux 3.1 install CD'],
  ['cdrom', 'Drivers for paravirtual devices'],
  ['disk', 'Harbour Linux 3.1 Server'],
  ['disk', 'Ledger 5 on Harbour Linux'],
];

describe('The library of an installation', () => {
  let installation: Installation;
  let file: string;
  const folderOf = (name: string): string => join(installation.folder, name);

  beforeEach(async () => {
    installation = await Installation.beside();
    file = folderOf('library.yaml');
    await writeFile(folderOf('disk.img'), DISK);
    await writeFile(folderOf('optical.iso'), ISO);
  });

  const declare = async (drives: readonly object[], licences: readonly object[] = []): Promise<void> =>
    writeFile(file, stringify({ licences, drives }));
  const library = async (...args: readonly string[]): Promise<Finished> =>
    installation.run(['library', ...args], { PLATTER_LIBRARY_FILE: file });
  /** Like `library`, without a library file. */
  const byHand = async (...args: readonly string[]): Promise<Finished> => installation.run(['library', ...args]);

  async function listed(): Promise<readonly (readonly string[])[]> {
    const { output } = await byHand('list');
    return output === '' ? [] : output.split('\n').map((line) => line.split('\t'));
  }

  /** Creates the root user, as a first start does. */
  async function createRoot(): Promise<void> {
    const database = openDatabase({ url: await installation.databaseUrl(), maxConnections: 1 });
    await makeRoot({ work: new PostgresUnitOfWork(database.pool) });
    await database.close();
  }

  const readiness = async (url: string): Promise<{ status: number; body: unknown }> =>
    send(url, { method: 'GET', path: '/readyz' });

  it('has the examples after the start', async () => {
    const platter = installation.start({ PLATTER_LIBRARY_FILE: 'examples/library.yaml' }, { npm: true });
    const url = await platter.ready();
    await until('it is ready', async () => (await readiness(url)).status === 200);
    expect((await readiness(url)).body).toMatchObject({ status: 'ready', library: 'published' });
    expect((await listed()).map(([, media, , name]) => [media, name])).toEqual(EXAMPLES);
    expect(platter.log.filter(({ level }) => level !== 'info')).toEqual([]);
    await platter.stop();
  });

  it('is ready when the first pass has ended, even with faults, and not before', async () => {
    await createRoot();
    await declare([
      { name: 'bad', ...GOOD, sha256: 'b'.repeat(64) },
      { name: 'good', ...GOOD },
    ]);
    // A pass starts with the licences.
    const letGo = await holdTable(await installation.databaseUrl(), 'licences');
    const platter = installation.start({ PLATTER_LIBRARY_FILE: file });
    const address = await platter.ready();
    expect(await readiness(address)).toMatchObject({
      status: 503,
      body: { status: 'not ready', database: 'usable', library: 'publishing' },
    });
    await letGo();
    await until('it is ready', async () => (await readiness(address)).status === 200);
    expect((await listed()).map(([, , , name]) => name)).toEqual(['good']);
    expect(await platter.logged('not published in the library')).toMatchObject({
      level: 'warn',
      name: 'bad',
      reason: `its SHA-256 is ${sha256(DISK)}, not ${'b'.repeat(64)}`,
    });
    await platter.stop();
  });

  it('stays as it is without a library file', async () => {
    await createRoot();
    await declare([{ name: 'one', ...GOOD }]);
    expect(await library('sync')).toMatchObject({ code: 0 });
    const platter = installation.start();
    const url = await platter.ready();
    expect((await readiness(url)).body).not.toHaveProperty('library');
    expect(await listed()).toHaveLength(1);
    await platter.stop();
  });

  it('becomes equal to the file, beside a running Platter too, and the command prints the changes', async () => {
    const platter = installation.start();
    await platter.ready();
    await declare([
      { name: 'one', ...GOOD },
      { name: 'two', media: 'cdrom', file: 'optical.iso', sha256: sha256(ISO).toUpperCase() },
    ]);
    const first = await library('sync');
    expect(first).toMatchObject({ code: 0, output: '2 published, 0 updated, 0 unchanged, 0 withdrawn' });
    expect(first.complaints).toContain('one: 100 %');
    expect(await library('sync')).toMatchObject({
      code: 0,
      output: '0 published, 0 updated, 2 unchanged, 0 withdrawn',
      complaints: '',
    });
    await declare([{ name: 'two', media: 'cdrom', file: 'optical.iso', sha256: sha256(ISO), os: 'new' }]);
    expect(await library('sync')).toMatchObject({
      code: 0,
      output: '0 published, 1 updated, 0 unchanged, 1 withdrawn',
    });
    expect((await listed()).map(([, media, size, name]) => [media, size, name])).toEqual([
      ['cdrom', String(ISO.length), 'two'],
    ]);
    expect(await filesIn(installation.poolFolder)).toHaveLength(1);
    await writeFile(file, '');
    expect(await library('sync')).toMatchObject({ code: 0 });
    expect(await filesIn(installation.poolFolder)).toEqual([]);
    await platter.stop();
    await expectNoDrift(await installation.databaseUrl());
  });

  it('reports each entry that could not be applied with the reason, and applies the rest', async () => {
    await createRoot();
    await declare([
      { name: 'no file', ...GOOD, file: 'nowhere.img' },
      { name: 'no disc', ...GOOD, media: 'cdrom' },
      { name: 'good', ...GOOD },
    ]);
    const { code, output, complaints } = await library('sync');
    expect([code, output]).toEqual([1, '1 published, 0 updated, 0 unchanged, 0 withdrawn']);
    expect(complaints).toContain(
      `platter: not everything is as declared:\nno file: ${folderOf('nowhere.img')} cannot be read`,
    );
    expect(complaints).toContain('no disc: its bytes are raw, not what is on a CD-ROM');
    expect((await listed()).map(([, , , name]) => name)).toEqual(['good']);
  });

  it('continues after a killed Platter, and leaves no partial bytes', async () => {
    await createRoot();
    const big = Buffer.alloc(64 * 2 ** 20, 'x');
    await writeFile(folderOf('big.img'), big);
    const uuid = '9a1f0e44-0000-4000-8000-000000000001';
    await declare([{ name: 'big', uuid, media: 'disk', file: 'big.img', sha256: sha256(big) }]);
    const killed = installation.start({ PLATTER_LIBRARY_FILE: file });
    const database = await installation.databaseUrl();
    await until('its bytes are being written', async () => {
      const underway = await rowsOf(database, `select id from media where id = '${uuid}'`);
      return underway.length > 0;
    });
    killed.signalGroup('SIGKILL');
    await killed.ended();

    const platter = installation.start({ PLATTER_LIBRARY_FILE: file });
    await platter.ready();
    await until('it is published', async () => (await listed()).length === 1);
    expect(await filesIn(installation.poolFolder)).toEqual([[uuid, big.length]]);
    await platter.stop();
  });

  it('takes a drive by library add, with progress, and prints its entry for the file', async () => {
    await createRoot();
    const added = await byHand(
      'add',
      folderOf('optical.iso'),
      '--name',
      'by hand',
      '--os',
      'linux',
      '--release',
      '3.10',
    );
    expect(added.code).toBe(0);
    expect(added.complaints).toContain('by hand: 100 %');
    const [[uuid, ...rest]] = (await listed()) as [string[]];
    expect(rest).toEqual(['cdrom', String(ISO.length), 'by hand']);
    for (const line of ['- name: by hand', 'version: "3.10"', `uuid: ${uuid!}`, `sha256: ${sha256(ISO)}`]) {
      expect(added.output).toContain(line);
    }
    // The printed entry declares the drive.
    await writeFile(file, `drives:\n${added.output}`);
    expect(await library('sync')).toMatchObject({
      code: 0,
      output: '0 published, 1 updated, 0 unchanged, 0 withdrawn',
    });
    expect((await listed())[0]![0]).toBe(uuid);
  });

  it('takes every key of the file as an option of library add', async () => {
    await createRoot();
    await declare([], [{ name: 'core', long_name: 'Each core', number: 5 }]);
    await library('sync');
    const facts = {
      '--name': 'everything',
      '--media': 'disk',
      '--arch': '32',
      '--distribution': 'Harbour',
      '--category': 'general',
      '--image-type': 'live',
      '--description': 'what it is',
      '--install-notes': 'what to do',
      '--url': 'https://harbour.example/',
      '--default-user': 'harbour',
      '--meta': 'filesystem=ext4=yes',
      '--licence': 'core=3',
      '--pool': '1',
    };
    const options = [...Object.entries(facts).flat(), '--category', 'web', '--paid', '--favourite'];
    expect(await byHand('add', folderOf('optical.iso'), ...options)).toMatchObject({ code: 0 });
    const columns =
      'name, arch, distribution, category, image_type, description, install_notes, url, default_user, meta, paid, favourite, amount::int';
    expect(
      await rowsOf(
        await installation.databaseUrl(),
        `select ${columns} from library_drives join media_licences using (media_id)`,
      ),
    ).toEqual([
      {
        name: 'everything',
        arch: '32',
        distribution: 'Harbour',
        category: ['general', 'web'],
        image_type: 'live',
        description: 'what it is',
        install_notes: 'what to do',
        url: 'https://harbour.example/',
        default_user: 'harbour',
        meta: { filesystem: 'ext4=yes' },
        paid: true,
        favourite: true,
        amount: 3,
      },
    ]);
  });

  it('refuses invalid options of library add', async () => {
    await createRoot();
    for (const [options, reason] of [
      [['--name', 'x', '--sha256', 'c'.repeat(64)], /its SHA-256 is [0-9a-f]{64}, not c{64}/],
      [['--name', 'x', '--media', 'floppy'], /media: /],
      [['--name', 'x', '--licence', 'core'], /there is no licence core/],
      [['--name', 'x', '--pool', '9'], /there is no pool 9/],
    ] as const) {
      const { code, complaints } = await byHand('add', folderOf('optical.iso'), ...options);
      expect([options, code, complaints]).toEqual([options, 1, expect.stringMatching(reason)]);
      expect(await filesIn(installation.poolFolder)).toEqual([]);
    }
    expect(await listed()).toEqual([]);
  });

  it('is synced from a file only', async () => {
    expect(await byHand('sync')).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('PLATTER_LIBRARY_FILE') as string,
    });
  });

  it('is validated at the start, and all faults are reported at once', async () => {
    await declare(
      [
        { name: 'a', ...GOOD, version: 3.1 },
        { name: '', media: 'tape', sha256: 'x', favorite: true },
        { name: 'a', ...GOOD, meta: { ['k'.repeat(33)]: 'v' } },
      ],
      [{ name: 'core' }],
    );
    const said = await installation.refusal({ PLATTER_LIBRARY_FILE: file, PLATTER_PORT: 'x' });
    for (const fault of [
      'PLATTER_PORT: must be a whole number',
      `${file}: licences.0.long_name: `,
      `${file}: drives.0.version: must be text: put it in quotes`,
      `${file}: drives.1.name: a name must not be empty`,
      `${file}: drives.1.media: `,
      `${file}: drives.1.sha256: must be 64 hex digits, as sha256sum prints them`,
      `${file}: drives.2.meta.${'k'.repeat(33)}: `,
      'favorite',
    ]) {
      expect(said).toContain(fault);
    }
  });

  it('must not contradict itself', async () => {
    const uuid = '9A1F0E44-0000-4000-8000-000000000001';
    await declare(
      [
        { name: 'a', ...GOOD },
        { name: 'a', ...GOOD },
        { name: 'b', ...GOOD, uuid, licences: [{ licence: 'web' }, { licence: 'web' }] },
        { name: 'b', ...GOOD, uuid: uuid.toLowerCase(), pool: 9 },
        { name: 'c', media: 'disk', sha256: GOOD.sha256 },
        { name: 'd', ...GOOD, copy_of: uuid },
        { name: 'e', ...GOOD, uuid: uuid.toLowerCase() },
        { name: 'f', media: 'disk', sha256: GOOD.sha256, url: 'https://images.example:8443/f.img' },
        { name: 'g', media: 'disk', sha256: GOOD.sha256, url: 'ftp://images.example/g.img' },
      ],
      [
        { name: 'core', long_name: 'x', number: 1 },
        { name: 'core', long_name: 'x', number: 1 },
      ],
    );
    const said = await installation.refusal({ PLATTER_LIBRARY_FILE: file });
    const faults = said
      .replace(/^platter: /, '')
      .trimEnd()
      .split('\n');
    expect(faults.map((fault) => fault.replace(`${file}: `, ''))).toEqual([
      'drives.3.pool: there is no pool 9',
      'drives.4: must have "file", "copy_of" or "url", for its bytes',
      'drives.5: must have "file" or "copy_of", not both',
      'drives.7: "url": port 8443 is not permitted for imports',
      'drives.8: "url": only http and https URLs can be imported',
      'licence core is declared twice',
      'number 1 is given to two licences',
      `uuid ${uuid.toLowerCase()} is given to two drives`,
      'two drives are named "a": give one of them a uuid, to tell them apart',
      'drives.2.licences: there is no licence web',
      'drives.2.licences: there is no licence web',
      'drives.2.licences: web is named twice',
    ]);
  });

  it.each([
    ['is not there', null, /can't be read: ENOENT/],
    ['is no YAML', 'drives: [', /can't be read: .*/],
    ['is something else', 'pools: []', /pools/],
  ])('is refused as a file that %s', async (_what, content, reason) => {
    if (content !== null) await writeFile(file, content);
    expect(await installation.refusal({ PLATTER_LIBRARY_FILE: file })).toMatch(reason);
  });
});
