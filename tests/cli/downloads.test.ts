import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../support/waiting/until.ts';
import { Workplace } from './command.ts';
import { openDepot, type Depot } from './depot.ts';
import { GatedProxy } from './gated-proxy.ts';

const MIB = 2 ** 20;
/** Larger than all buffers between the server and the command. */
const LARGE_BYTES = 40 * MIB;
/** Where a download of that size stops. */
const GATE_BYTES = 12 * MIB;

describe('platter download', () => {
  let depot: Depot;
  let proxy: GatedProxy;
  let workplace: Workplace;
  const bytes = randomBytes(LARGE_BYTES);
  let id: string;

  const upload = async (name: string, content: Uint8Array, ...options: readonly string[]): Promise<string> => {
    const source = await Workplace.open({ PLATTER_URL: depot.platter.url, PLATTER_TOKEN: depot.token });
    await writeFile(join(source.folder, name), content);
    const { code, output } = await source.run(['upload', name, ...options]);
    expect(code).toBe(0);
    return output.trim();
  };
  const files = async (): Promise<readonly string[]> =>
    (await readdir(workplace.folder)).filter((name) => name !== '.cache');
  const partBytes = async (): Promise<number> => {
    const part = (await files()).find((name) => name.endsWith('.part'));
    return part === undefined ? 0 : (await readFile(join(workplace.folder, part))).length;
  };
  const content = async (name: string): Promise<Buffer> => readFile(join(workplace.folder, name));

  beforeAll(async () => {
    depot = await openDepot();
    proxy = await GatedProxy.open(() => depot.platter.port);
    id = await upload('large.img', bytes, '--read-only');
  });
  beforeEach(async () => {
    workplace = await Workplace.open({ PLATTER_URL: proxy.url, PLATTER_TOKEN: depot.token });
  });
  afterEach(() => proxy.release());

  it('writes the file under the name of the item, with a bar in a terminal', async () => {
    const terminal = workplace.terminal(['download', id.slice(0, 13)]);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/large\.img +█+.* 100 % 40\.0 MiB of 40\.0 MiB/);
    expect((await content('large.img')).equals(bytes)).toBe(true);
    expect(await files()).toEqual(['large.img']);
  });

  it('writes to standard output, and nothing else there', async () => {
    const small = randomBytes(1000).map((byte) => byte & 0x7f);
    await upload('ascii.img', small, '--read-only');
    const { code, output, complaints } = await workplace.run(['download', 'ascii.img', '-o', '-']);
    expect([code, complaints]).toEqual([0, '']);
    expect(Buffer.from(output).equals(small)).toBe(true);
  });

  it('replaces an existing file only with --force', async () => {
    await writeFile(join(workplace.folder, 'mine'), 'mine');
    expect(await workplace.run(['download', id, '-o', 'mine'])).toMatchObject({ code: 2, output: '' });
    expect((await content('mine')).toString()).toBe('mine');
    expect(await workplace.run(['download', id, '-o', 'mine', '--force'])).toMatchObject({ code: 0, output: '' });
    expect((await content('mine')).equals(bytes)).toBe(true);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s, and never has a part under the final name',
    async (signal) => {
      proxy.limit(GATE_BYTES);
      const command = workplace.start(['download', id]);
      await proxy.stopped();
      await until('bytes arrive', async () => (await partBytes()) > MIB);
      command.process.kill(signal);
      const { code, complaints } = await command.ended;
      expect(code).toBe(signal === 'SIGINT' ? 130 : null);
      if (signal === 'SIGINT') expect(complaints).toContain('Run the same command again to go on');
      proxy.release();
      const before = await partBytes();
      expect(await files()).toEqual([expect.stringMatching(/^\.large\.img\.[\da-f]{16}\.part$/)]);

      const served = depot.platter.log.length;
      expect(await workplace.run(['download', id])).toMatchObject({ code: 0 });
      expect((await content('large.img')).equals(bytes)).toBe(true);
      expect(await files()).toEqual(['large.img']);
      const statuses = depot.platter.log.slice(served).map(({ status }) => status);
      expect([before > 0, statuses.includes(206)]).toEqual([true, true]);
    },
  );

  it('goes on after kill -9 of the server, without another command', async () => {
    proxy.limit(GATE_BYTES);
    const terminal = workplace.terminal(['download', id]);
    await proxy.stopped();
    await depot.platter.kill('SIGKILL');
    proxy.release();
    await terminal.sees(/waiting: no answer/);
    await depot.platter.restart();
    expect(await terminal.ended).toBe(0);
    expect((await content('large.img')).equals(bytes)).toBe(true);
  });

  it('begins anew when the item of that name has other bytes by now', async () => {
    const first = await upload('moved.img', bytes, '--read-only');
    proxy.limit(GATE_BYTES);
    const command = workplace.start(['download', 'moved.img']);
    await proxy.stopped();
    await until('bytes arrive', async () => (await partBytes()) > MIB);
    command.process.kill('SIGKILL');
    await command.ended;
    proxy.release();
    await depot.api.ask(`DELETE /media/${first}?permanent=true`);
    const others = randomBytes(LARGE_BYTES);
    await upload('moved.img', others, '--read-only');
    expect(await workplace.run(['download', 'moved.img'])).toMatchObject({ code: 0 });
    expect((await content('moved.img')).equals(others)).toBe(true);
    expect(await files()).toEqual(['moved.img']);
  });

  it('stores nothing when the bytes do not have the digest', async () => {
    // What an earlier command left is wrong: the disk lied, or the folder was restored.
    const version = `"${createHash('sha256').update(bytes).digest('hex')}-${bytes.length}"`;
    const part = `.large.img.${createHash('sha256').update(version).digest('hex').slice(0, 16)}.part`;
    await writeFile(join(workplace.folder, part), randomBytes(MIB));
    const { code, complaints } = await workplace.run(['download', id]);
    expect(code).toBe(1);
    expect(complaints).toContain('do not have the digest');
    expect(await files()).toEqual([]);
    expect(await workplace.run(['download', id])).toMatchObject({ code: 0 });
  });

  it('downloads a writable item too, and an empty one', async () => {
    const writable = await upload('writable.img', bytes.subarray(0, MIB));
    expect(await workplace.run(['download', writable])).toMatchObject({ code: 0 });
    expect((await content('writable.img')).equals(bytes.subarray(0, MIB))).toBe(true);
    const empty = await upload('empty.img', new Uint8Array());
    expect(await workplace.run(['download', empty])).toMatchObject({ code: 0 });
    expect(await content('empty.img')).toHaveLength(0);
  });

  it('never leaves the folder because of a name', async () => {
    const odd = await upload('odd', bytes.subarray(0, 10), '--name', '../../odd/name');
    expect(await workplace.run(['download', odd])).toMatchObject({ code: 0 });
    expect(await files()).toEqual(['_._.._odd_name']);
  });

  it('ends with 3 for an item that does not exist', async () => {
    expect(await workplace.run(['download', 'nothing.img'])).toMatchObject({ code: 3, output: '' });
  });
});
