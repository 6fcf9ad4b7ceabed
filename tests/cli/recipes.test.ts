import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { documentText, sectionOf, stepsIn } from '../acceptance/readme/document.ts';
import { runSteps, type StepsResult } from '../acceptance/readme/run-steps.ts';
import { run, titleWithClient, withClient } from '../support/http/real-client.ts';
import { MAIN } from './command.ts';
import { openDepot, type Depot } from './depot.ts';

const recipes = sectionOf(documentText('docs/cli.md'), '## Recipes');
const MIB = 2 ** 20;

describe('The recipes of the command line', () => {
  let depot: Depot;
  let folder: string;
  const disk = Buffer.concat([randomBytes(MIB), Buffer.alloc(63 * MIB)]);
  beforeAll(async () => {
    depot = await openDepot();
    const { id: lab } = await depot.api.ask<{ id: number }>('POST /groups', { name: 'lab', parent: 0 });
    const { id: build } = await depot.api.ask<{ id: number }>('POST /groups', { name: 'build', parent: lab });
    await depot.api.ask(`PUT /groups/${build}/assignments/1`, { write: true, manage: true });
    folder = depot.workplace.folder;
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'platter'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
    await chmod(join(folder, 'bin', 'platter'), 0o755);
  });

  /** Runs the commands below a heading as they are written. */
  const follow = async (heading: string, env: Readonly<Record<string, string>> = {}): Promise<StepsResult> =>
    runSteps(stepsIn(sectionOf(recipes, heading)), folder, {
      PLATTER_URL: depot.platter.url,
      PLATTER_TOKEN: depot.token,
      HOME: folder,
      PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
      ...env,
    });

  it(
    titleWithClient('qemu-img', 'qemu-img: an image comes back as it went'),
    withClient('qemu-img', async () => {
      await writeFile(join(folder, 'vm.raw'), disk);
      const { code, outputs, complaints } = await follow('### qemu-img');
      expect([code, complaints]).toEqual([0, expect.not.stringContaining('platter:')]);
      expect(outputs.join('')).toMatch(/file format: qcow2\nvirtual size: 64 MiB/);
      expect((await readFile(join(folder, 'copy.raw'))).equals(disk)).toBe(true);
    }),
  );

  it(
    titleWithClient('zstd', 'pipes: a compressed disk is stored as a whole one'),
    withClient('zstd', async () => {
      await writeFile(join(folder, 'disk.raw'), disk);
      await run('zstd', ['-q', join(folder, 'disk.raw')]);
      const { code, outputs } = await follow('### Pipes');
      expect(code).toBe(0);
      expect(outputs.join('')).toContain(createHash('sha256').update(disk).digest('hex'));
      await run('zstd', ['-q', '-d', join(folder, 'again.raw.zst')]);
      expect((await readFile(join(folder, 'again.raw'))).equals(disk)).toBe(true);
    }),
  );

  it(
    titleWithClient('qemu-block-extra', 'links: qemu and iPXE read items by their URLs'),
    withClient('qemu-block-extra', async () => {
      await writeFile(join(folder, 'vm.raw'), disk);
      await run('qemu-img', ['convert', '-O', 'qcow2', join(folder, 'vm.raw'), join(folder, 'vm.qcow2')]);
      const { code, outputs, complaints } = await follow('### Links');
      expect([code, complaints]).toEqual([0, expect.not.stringContaining('platter: ')]);
      const [, , read = '', script = ''] = ['', ...outputs];
      expect(read).toMatch(/file format: qcow2\nvirtual size: 64 MiB/);
      expect((await readFile(join(folder, 'linked.raw'))).equals(disk)).toBe(true);
      const link = `${depot.platter.url}/l/\\S+`;
      expect(script).toMatch(new RegExp(`^chain ${link}/boot\\.ipxe\\n#!ipxe\\nsanboot ${link}/linked\\.qcow2\\n$`));
    }),
  );

  it('cron and CI: the script tells a full group from a server that is away', async () => {
    await writeFile(join(folder, 'nightly.qcow2'), disk.subarray(0, MIB));
    await depot.workplace.run(['assign', 'lab/build', 'default', '--quota', '1']);
    const full = await follow('### cron and CI');
    expect([full.code, full.complaints]).toEqual([5, expect.stringContaining('no space: delete old images')]);
    await depot.workplace.run(['assign', 'lab/build', 'default', '--quota', 'none']);
    const away = await follow('### cron and CI', { PLATTER_URL: 'http://127.0.0.1:9' });
    expect([away.code, away.complaints]).toEqual([6, expect.stringContaining('the server is away')]);
  });

  it('cron and CI: the script uploads with a token of its own, and hands on the exit code', async () => {
    const login = { name: 'nightly', scope: 'write' };
    const { token } = await depot.api.ask<{ token: string }>('POST /tokens', login);
    expect(await follow('### cron and CI', { PLATTER_TOKEN: token })).toMatchObject({ code: 0 });
    const inventory = JSON.parse(await readFile(join(folder, 'inventory.json'), 'utf8')) as { name: string }[];
    expect(inventory.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^nightly-\d{4}-\d\d-\d\d\.qcow2$/));
    // The name is taken now.
    expect(await follow('### cron and CI', { PLATTER_TOKEN: token })).toMatchObject({ code: 1 });
    expect(await follow('### cron and CI', { PLATTER_TOKEN: 'plt_revoked' })).toMatchObject({ code: 4 });
  });
});
