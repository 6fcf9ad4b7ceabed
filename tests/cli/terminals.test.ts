import stringWidth from 'string-width';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { MAIN } from './command.ts';
import { createDisk, openDepot, type Depot } from './depot.ts';
import { otherServer } from './other-servers.ts';

const ESCAPE = '\u001b';
/** Names that other users may give to their items. */
const STRANGE = [`${'L'.repeat(251)}.img`, '磁盘映像 '.repeat(19).trim(), '💾 floppy.img', '-rf', '../../etc/passwd'];
/** Platter refuses such names. Another server may not. */
const CONTROLLING = 'clear \u001b[2J, \u009b2J, turn \u202e\u2028';

describe('The command line on terminals and pipes', () => {
  let depot: Depot;
  beforeAll(async () => {
    depot = await openDepot();
    for (const name of STRANGE) await createDisk(depot.api, name);
  });

  it.each([40, 60, 80])('fits its tables in %d columns', async (columns) => {
    for (const words of [['ls'], ['group', 'ls'], ['group', 'pools', '/'], ['token'], ['activity'], ['user', 'ls']]) {
      const terminal = depot.workplace.terminal(words, { columns });
      expect([words, await terminal.ended]).toEqual([words, 0]);
      const lines = terminal.seen().trimEnd().split('\n');
      expect([words, lines.filter((line) => stringWidth(line) > columns)]).toEqual([words, []]);
      expect(lines.length).toBeGreaterThan(1);
    }
  });

  it('leaves out the last columns of a narrow terminal', async () => {
    const terminal = depot.workplace.terminal(['ls'], { columns: 40 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/^ID +NAME +GROUP +POOL +TYPE\n/);
  });

  it('shows progress in a narrow terminal', async () => {
    await writeFile(join(depot.workplace.folder, 'a file with a long name.img'), Buffer.alloc(3_000_000, 1));
    const terminal = depot.workplace.terminal(['upload', 'a file with a long name.img'], { columns: 40 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen()).toMatch(/a file with… █{8} 100 % /);
  });

  it('sends no control characters of names to a terminal', async () => {
    const { items } = await depot.api.ask<{ items: { id: string }[] }>('GET /media?limit=1');
    const details = await depot.api.ask<object>(`GET /media/${items[0]!.id}`);
    const item = { ...details, name: CONTROLLING, description: CONTROLLING, type: CONTROLLING };
    const group = { id: 0, name: CONTROLLING, parent: 0, path: [0] };
    const session = { id: 7, name: CONTROLLING, home: 0, groups: [{ ...group, permissions: [CONTROLLING] }] };
    const lists: Readonly<Record<string, object>> = {
      media: item,
      groups: { ...group, id: 1, path: [0, 1] },
      tokens: { id: items[0]!.id, name: CONTROLLING, scope: CONTROLLING, groups: null, created_at: CONTROLLING },
    };
    const url = await otherServer(({ url: path = '' }, response) => {
      const [, , list = '', id] = path.split(/[/?]/);
      const isList = lists[list] !== undefined && (id === undefined || id.includes('='));
      const page = isList ? { items: [lists[list], lists[list]], next_cursor: null } : null;
      response.end(JSON.stringify(page ?? (list === 'session' ? session : item)));
    });
    const controlling = new RegExp(`[\\u0080-\\u009f\\u202e\\u2028]|${ESCAPE}\\[2J`);
    for (const words of [
      ['ls'],
      ['ls', '--json'],
      ['show', items[0]!.id],
      ['group', 'ls'],
      ['group', 'ls', CONTROLLING],
      ['group', 'rename', '1', 'x'],
      ['user', 'show'],
      ['token'],
      ['token', 'rm', CONTROLLING],
      ['download', items[0]!.id],
    ]) {
      const terminal = depot.workplace.with({ PLATTER_URL: url }).terminal(words, { columns: 400 });
      await terminal.ended;
      expect([words, terminal.drawn()]).toEqual([words, expect.not.stringMatching(controlling)]);
      expect(terminal.drawn()).not.toBe('');
    }
  });

  it('downloads an item of any name into the folder it runs in', async () => {
    for (const [text, file] of [
      ['../../etc/passwd', '_._.._etc_passwd'],
      ['💾 floppy.img', '💾 floppy.img'],
    ] as const) {
      const { code, complaints } = await depot.workplace.run(['download', text]);
      expect([code, complaints]).toEqual([0, expect.stringContaining(`${file}: 512 B`)]);
      expect(await readdir(depot.workplace.folder)).toContain(file);
    }
    const { code, complaints } = await depot.workplace.run(['download', STRANGE[0]!]);
    expect([code, complaints]).toEqual([0, expect.stringContaining('L.img: 512 B')]);
  });

  it('takes names that look like options behind --', async () => {
    expect(await depot.workplace.output(['show', '--json', '--', '-rf'])).toContain('"name": "-rf"');
  });

  it('draws no colours with NO_COLOR', async () => {
    const terminal = depot.workplace.with({ NO_COLOR: '1' }).terminal(['login', depot.platter.url, '--user', 'root']);
    await terminal.sees(/Password of root/);
    terminal.type(`${ROOT_PASSWORD}\r`);
    expect(await terminal.ended).toBe(0);
    const colours = [...terminal.drawn().matchAll(new RegExp(`${ESCAPE}\\[([\\d;]*)m`, 'g'))].map(([, code]) => code);
    expect(colours.filter((code) => /(?:^|;)(?:3[0-8]|9[0-7]|4[0-8]|10[0-7])(?:;|$)/.test(code!))).toEqual([]);
  });

  it('ends in silence when the reader of its output ends first', async () => {
    for (let at = 0; at < 300; at += 1) await createDisk(depot.api, `${'n'.repeat(200)}${at}`);
    const env = { ...process.env, PLATTER_URL: depot.platter.url, PLATTER_TOKEN: depot.token };
    for (const [script, output] of [
      ['"$0" "$1" ls --json | head -c 1; echo " ${PIPESTATUS[0]}"', '[ 0\n'],
      ['"$0" "$1" activity --limit 500 --json | true; echo "${PIPESTATUS[0]}"', '0\n'],
      ['"$0" "$1" ls --colour 2>&1 | true; echo "ended"', 'ended\n'],
    ] as const) {
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, process.execPath, MAIN], { env });
      expect([stdout, stderr]).toEqual([output, '']);
    }
  });

  it('leaves nothing but results on standard output', async () => {
    const file = join(depot.workplace.folder, 'copy.img');
    const { output } = await depot.workplace.run(['download', '../../etc/passwd', '-o', '-']);
    expect(output).toBe('\0'.repeat(512));
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
