import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from '../../support/fixtures/invariant.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn, type Step } from './document.ts';
import { walk, withoutChance } from './walk.ts';

const firstUpload = stepsIn(sectionOf(documentText('README.md'), '## First upload'));
const steps = stepsIn(sectionOf(documentText('docs/walk-through.md'), '## Groups, quotas and uploads'));

/**
 * The size of the image, and what follows from it. All else of the walk-through runs as it is
 * written.
 */
const SIZES = ['700000000', '1050000000', '350000000'];

/** The same with an image of a hundredth of that. */
function smaller(text: string): string {
  return SIZES.reduce((rest, size) => rest.replaceAll(size, size.slice(0, -2)), text);
}

/** Fails unless the steps, done in `cwd`, print what the document shows. */
async function expectWalk(steps: readonly Step[], cwd: string, env: Record<string, string>): Promise<void> {
  const { code, outputs, complaints } = await walk(steps, cwd, env);
  expect(complaints).toBe('');
  expect(outputs.map(withoutChance)).toEqual([...steps.map(({ shown }) => withoutChance(shown)), '']);
  expect(code).toBe(0);
}

describe('The README and the walk-through', () => {
  it('do, word for word, what they say, and leave nothing behind but the first upload', async () => {
    const installation = await Installation.embedded();
    const platter = installation.start({}, { npm: true });
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);

    const small = steps.map(({ commands, shown }) => ({ commands: smaller(commands), shown: smaller(shown) }));
    const env = { PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    expect(firstUpload).toHaveLength(3);
    await expectWalk(firstUpload, cwd, env);
    expect(await rowsOf(await installation.databaseUrl(), 'delete from authkeys returning 1 as one')).toHaveLength(1);
    await expectWalk(small, cwd, env);

    const database = await installation.databaseUrl();
    await expectNoDrift(database);
    expect(await rowsOf(database, 'select name, state from media')).toEqual([{ name: 'hello.img', state: 'ready' }]);
    expect(await rowsOf(database, 'select id from groups where id <> 0')).toEqual([]);
    expect(await rowsOf(database, 'select * from authkeys')).toEqual([]);
    expect(await filesIn(installation.poolFolder)).toHaveLength(1);
    expect(await readdir(cwd)).toEqual([]);
    await platter.stop();
  });

  it('shows a refusal for the quota, with its status and message', () => {
    const shown = steps.map((step) => step.shown).join('');
    expect(shown).toMatch(/"code":9221,"message":"group quota exceeded: .*"}\n406\n/);
  });
});
