import { createHash, randomBytes } from 'node:crypto';
import { appendFile, open, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../support/waiting/until.ts';
import type { Running, Workplace } from './command.ts';
import { openDepot, type Depot } from './depot.ts';
import { GatedProxy } from './gated-proxy.ts';

const MIB = 2 ** 20;
/** Larger than all buffers between the command and the gate. */
const LARGE_BYTES = 40 * MIB;
/** Where an upload of that size stops. */
const GATE_BYTES = 12 * MIB;

interface Item {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly type: string;
  readonly read_only: boolean;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes a file of random bytes, and returns its digest. */
async function writeRandom(workplace: Workplace, name: string, size: number): Promise<string> {
  const bytes = randomBytes(size);
  await writeFile(join(workplace.folder, name), bytes);
  return digestOf(bytes);
}

describe('platter upload', () => {
  let depot: Depot;
  let workplace: Workplace;
  let proxy: GatedProxy;
  beforeAll(async () => {
    depot = await openDepot();
    proxy = await GatedProxy.open(() => depot.platter.port);
    workplace = depot.workplace.with({ PLATTER_URL: proxy.url });
  });
  afterEach(() => proxy.release());

  /** An item, with the digest that its content has. */
  const item = async (id: string): Promise<Item> => {
    const path = `/media/${id.trim()}`;
    const { headers } = await depot.api.call(`HEAD ${path}/content`);
    const [, base64 = ''] = /sha-256=:(.*):/.exec(String(headers['repr-digest'])) ?? [];
    return { ...(await depot.api.ask<Item>(`GET ${path}`)), sha256: Buffer.from(base64, 'base64').toString('hex') };
  };
  const openUploads = async (): Promise<readonly { id: string; name: string; offset: number }[]> =>
    (await depot.api.ask<{ items: { id: string; name: string; offset: number }[] }>('GET /uploads')).items;
  const remembered = async (): Promise<readonly string[]> =>
    readdir(join(workplace.folder, '.local', 'state', 'platter', 'uploads'));
  /** Starts an upload with pipes, which stops halfway. */
  const halfway = async (...words: readonly string[]): Promise<Running> => {
    proxy.limit(GATE_BYTES);
    const command = workplace.start(['upload', ...words]);
    await proxy.stopped();
    return command;
  };
  const openUpload = async (name: string): Promise<{ readonly id: string; readonly offset: number }> =>
    (await openUploads()).find((one) => one.name === name)!;

  it('prints the id of the item on standard output, and nothing else', async () => {
    const sha256 = await writeRandom(workplace, 'small.img', 3 * MIB);
    const { code, output, complaints } = await workplace.run(['upload', 'small.img', '--sha256', sha256]);
    expect([code, output]).toEqual([0, expect.stringMatching(/^[\da-f-]{36}\n$/)]);
    expect(complaints).toMatch(/^small\.img: uploaded 3\.00 MiB as [\da-f-]{36}\n$/);
    expect(await item(output)).toMatchObject({
      name: 'small.img',
      size: 3 * MIB,
      sha256,
      type: 'DISK',
      read_only: false,
    });
    expect(await remembered()).toEqual([]);
  });

  it('takes name, group, pool, type and read-only from its options, and prints the API’s objects', async () => {
    const { id: group } = await depot.api.ask<{ id: number }>('POST /groups', { name: 'lab', parent: 0 });
    await depot.api.ask(`PUT /groups/${group}/assignments/1`, { write: true, manage: true });
    await writeRandom(workplace, 'plain', 1000);
    const options = ['--group', 'lab', '--pool', 'default', '--type', 'IPSW', '--read-only', '--name', 'named.ipsw'];
    const { output } = await workplace.run(['upload', 'plain', ...options, '--json']);
    const [made] = JSON.parse(output) as [Item];
    expect(made).toEqual(await depot.api.ask(`GET /media/${made.id}`));
    expect(made).toMatchObject({ name: 'named.ipsw', group, pool: 1, type: 'IPSW', read_only: true });
  });

  it('uploads an empty file', async () => {
    await writeFile(join(workplace.folder, 'empty.img'), '');
    const { code, output } = await workplace.run(['upload', 'empty.img']);
    expect(code).toBe(0);
    expect(await item(output)).toMatchObject({ size: 0 });
  });

  it('shows a bar for each of several files in a terminal', async () => {
    const names = ['one.bin', 'two.bin', 'three.bin', 'four.bin'];
    for (const name of names) await writeRandom(workplace, name, 4 * MIB);
    const terminal = workplace.terminal(['upload', ...names, '--parallel', '2']);
    expect(await terminal.ended).toBe(0);
    const seen = terminal.seen();
    for (const name of names) expect(seen).toMatch(new RegExp(`${name} +█+.* 100 %`));
    expect(seen).toMatch(/4\.00 MiB of 4\.00 MiB/);
    expect(seen.match(/uploaded 4\.00 MiB as/g)).toHaveLength(4);
    expect(seen.match(/^[\da-f]{8}-[\da-f-]{27}\r?$/gm)).toHaveLength(4);
  });

  it('goes on after Ctrl-C with the same command, and says how', async () => {
    const sha256 = await writeRandom(workplace, 'interrupted.img', LARGE_BYTES);
    const words = ['upload', 'interrupted.img'];
    proxy.limit(GATE_BYTES);
    const terminal = workplace.terminal(words);
    await proxy.stopped();
    await terminal.sees(/interrupted\.img +█+░+ \d+ %/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(terminal.seen()).toContain('Run the same command again to go on');
    proxy.release();
    const { id } = await until('the server has recorded the bytes', async () => {
      const upload = await openUpload('interrupted.img');
      return upload.offset > 0 ? upload : null;
    });

    const { code, output } = await workplace.run(words);
    expect([code, output.trim()]).toEqual([0, id]);
    expect(await item(id)).toMatchObject({ size: LARGE_BYTES, sha256 });
  });

  it('goes on after kill -9 of the command, in a new process', async () => {
    const sha256 = await writeRandom(workplace, 'killed.img', LARGE_BYTES);
    const command = await halfway('killed.img');
    command.process.kill('SIGKILL');
    await command.ended;
    proxy.release();
    const { id } = await openUpload('killed.img');
    const { code, output } = await workplace.run(['upload', 'killed.img']);
    expect([code, output.trim()]).toEqual([0, id]);
    expect(await item(id)).toMatchObject({ size: LARGE_BYTES, sha256 });
    expect(await remembered()).toEqual([]);
  });

  it('goes on after kill -9 of the server, without another command', async () => {
    const sha256 = await writeRandom(workplace, 'survivor.img', LARGE_BYTES);
    proxy.limit(GATE_BYTES);
    const terminal = workplace.terminal(['upload', 'survivor.img']);
    await proxy.stopped();
    const { id } = await openUpload('survivor.img');
    await depot.platter.kill('SIGKILL');
    proxy.release();
    await terminal.sees(/waiting: no answer/);
    await depot.platter.restart();
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toContain(`as ${id}`);
    expect(await item(id)).toMatchObject({ size: LARGE_BYTES, sha256 });
  });

  it('ends with 6 when the server stays away, and goes on later', async () => {
    const sha256 = await writeRandom(workplace, 'later.img', LARGE_BYTES);
    const command = await halfway('later.img', '--retry', '1s');
    await depot.platter.kill('SIGKILL');
    proxy.release();
    const { code, complaints } = await command.ended;
    expect(code).toBe(6);
    expect(complaints).toContain('Run the same command again to go on');
    await depot.platter.restart();
    const { id } = await openUpload('later.img');
    const { output } = await workplace.run(['upload', 'later.img']);
    expect(output.trim()).toBe(id);
    expect(await item(output)).toMatchObject({ sha256 });
  });

  it('begins anew when the file changed since it was interrupted', async () => {
    await writeRandom(workplace, 'changed.img', LARGE_BYTES);
    const command = await halfway('changed.img');
    command.process.kill('SIGKILL');
    await command.ended;
    proxy.release();
    await appendFile(join(workplace.folder, 'changed.img'), 'more');
    const { code, output } = await workplace.run(['upload', 'changed.img']);
    expect(code).toBe(0);
    expect(await item(output)).toMatchObject({ size: LARGE_BYTES + 4 });
    expect(await openUploads()).toEqual([]);
  });

  it('notices that a file changed while it was uploaded', async () => {
    await writeRandom(workplace, 'moving.img', LARGE_BYTES);
    const path = join(workplace.folder, 'moving.img');
    // A program that keeps the time of the last change, such as a hypervisor with a mapped file.
    await utimes(path, 1_000_000_000, 1_000_000_000);
    const command = await halfway('moving.img');
    command.process.kill('SIGINT');
    await command.ended;
    proxy.release();
    const file = await open(path, 'r+');
    await file.write('other bytes', 0);
    await file.utimes(1_000_000_000, 1_000_000_000);
    await file.close();
    await until('the server has recorded the bytes', async () => (await openUpload('moving.img')).offset > 0);
    const { code, output, complaints } = await workplace.run(['upload', 'moving.img']);
    expect([code, output]).toEqual([1, '']);
    expect(complaints).toMatch(/changed while it was uploaded/);
  });

  it('reads a pipe of a known size', async () => {
    const bytes = randomBytes(20 * MIB + 7);
    const command = workplace.start(['upload', '-', '--size', String(bytes.length), '--name', 'piped.img']);
    command.process.stdin!.end(bytes);
    const { code, output } = await command.ended;
    expect(code).toBe(0);
    expect(await item(output)).toMatchObject({ name: 'piped.img', size: bytes.length, sha256: digestOf(bytes) });
  });

  it.each([
    ['too short', 5, /ended after 5 of 6 bytes/],
    ['too long', 7, /more than 6 bytes/],
  ])('stores nothing of a pipe that is %s', async (_, length, message) => {
    const { code, output, complaints } = await workplace.run(
      ['upload', '-', '--size', '6', '--name', 'odd.img'],
      'x'.repeat(length),
    );
    expect([code, output]).toEqual([1, '']);
    expect(complaints).toMatch(message);
    expect(await openUploads()).toEqual([]);
  });

  it('stores nothing of a pipe after Ctrl-C', async () => {
    const logged = depot.platter.log.length;
    const terminal = workplace.terminal(['upload', '-', '--size', '1G', '--name', 'typed.img']);
    await until('the upload is there', async () => (await openUploads()).some(({ name }) => name === 'typed.img'));
    // After this request it waits for bytes, which do not come.
    await until('it knows the offset', () =>
      depot.platter.log
        .slice(logged)
        .some(({ method, path }) => method === 'HEAD' && String(path).startsWith('/uploads/')),
    );
    terminal.kill('SIGINT');
    expect(await terminal.ended).toBe(130);
    expect(terminal.seen()).toContain('nothing was stored');
    expect(await openUploads()).toEqual([]);
  });

  it('ends with 5 before a byte moves when the quota has no room, and with 1 for a name that is taken', async () => {
    const { id: group } = await depot.api.ask<{ id: number }>('POST /groups', { name: 'tight', parent: 0 });
    await depot.api.ask(`PUT /groups/${group}/assignments/1`, { write: true, manage: true, quota: 100 });
    await writeRandom(workplace, 'big.img', 1000);
    const refused = await workplace.run(['upload', 'big.img', '--group', 'tight']);
    expect(refused).toMatchObject({ code: 5, output: '' });
    expect(refused.complaints).toMatch(/quota.*\nDelete media/s);
    expect(await workplace.run(['upload', 'big.img', '--name', 'small.img'])).toMatchObject({ code: 1, output: '' });
  });

  it('uploads the other files when one fails, and ends with its exit code', async () => {
    await writeRandom(workplace, 'fine.img', 1000);
    const { code, output, complaints } = await workplace.run(['upload', 'no-such.img', 'fine.img']);
    expect([code, output]).toEqual([2, expect.stringMatching(/^[\da-f-]{36}\n$/)]);
    expect(complaints).toMatch(/1 of 2 files were not uploaded:\n {2}no-such\.img: ENOENT/);
  });

  it('refuses bytes of another digest', async () => {
    await writeRandom(workplace, 'other.img', 1000);
    const refused = await workplace.run(['upload', 'other.img', '--sha256', '0'.repeat(64)]);
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(await remembered()).toEqual([]);
  });

  it('refuses to upload a file that another process uploads', async () => {
    await writeRandom(workplace, 'twice.img', LARGE_BYTES);
    const first = await halfway('twice.img');
    const second = await workplace.with({ PLATTER_URL: proxy.url }).run(['upload', 'twice.img', '--group', '0']);
    expect(second).toMatchObject({ code: 1, output: '' });
    expect(second.complaints).toContain(`process ${first.process.pid!} uploads`);
    proxy.release();
    expect(await first.ended).toMatchObject({ code: 0 });
  });

  it.each([
    ['a pipe without its size', ['-', '--name', 'x']],
    ['a pipe without a name', ['-', '--size', '5']],
    ['a size of a file', ['small.img', '--size', '5']],
    ['one name for two files', ['small.img', 'big.img', '--name', 'x']],
    ['a digest that is none', ['small.img', '--sha256', 'abc']],
    ['a folder', ['.']],
  ])('ends with 2 for %s', async (_, words) => {
    expect(await workplace.run(['upload', ...words])).toMatchObject({ code: 2, output: '' });
  });
});
