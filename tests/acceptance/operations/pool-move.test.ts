import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patterned } from '../../support/files/byte-sources.ts';
import { logIn, type Client } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { documentText, sectionOf } from '../readme/document.ts';
import { Installation } from '../start-up/installation.ts';
import type { Program } from '../start-up/program.ts';

const CONTENT = patterned(100_000);
const section = sectionOf(documentText('docs/operations.md'), '## Moving a pool');
const [moving = '', moved = ''] = [...section.matchAll(/^ *```yaml\n(.*?)^ *```$/gms)].map(([, block]) => block!);
const command = /run `platter ([^`]+)`/.exec(section)?.[1] ?? '';

describe('The documented pool move', () => {
  it('moves a pool to another folder while the service runs', async () => {
    const installation = await Installation.beside();
    const [old, fresh] = [join(installation.folder, 'old'), join(installation.folder, 'new')];
    const file = join(installation.folder, 'pools.yml');
    const settings = { PLATTER_ROOT_PASSWORD: ROOT_PASSWORD, PLATTER_POOLS_FILE: file };

    /** Starts with the documented pools file, in folders of this test. */
    async function startWith(example: string): Promise<{ readonly program: Program; readonly root: Client }> {
      const text = example.replaceAll('/srv/platter/fast', old).replaceAll('/mnt/large/fast', fresh);
      expect(text).toContain(fresh);
      await writeFile(file, text);
      const program = installation.start(settings);
      return { program, root: await logIn(await program.ready()) };
    }

    const before = await startWith(moving);
    const { body } = await before.root.upload({ group: 0, name: 'image' }, CONTENT);
    const { mid } = body as { mid: string };
    expect((await filesIn(old)).length).toBe(1);
    const { code, output } = await installation.run(command.split(' '), settings);
    expect([code, command, output]).toEqual([0, 'pool move 1', expect.any(String)]);
    expect((await before.root.read(mid)).bytes.equals(CONTENT)).toBe(true);
    await before.program.stop();
    expect(await readdir(old)).toEqual(['.platter-pool.json']);

    const after = await startWith(moved);
    expect((await after.root.read(mid)).bytes.equals(CONTENT)).toBe(true);
    await after.program.stop();
  });
});
