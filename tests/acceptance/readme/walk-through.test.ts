import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from '../../support/invariant.ts';
import { filesIn } from '../../support/shelves.ts';
import { rowsOf } from '../../support/postgres.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';
import { walk, withoutChance } from './walk.ts';

const steps = stepsIn(sectionOf(documentText('README.md'), '## A walk-through'));

/** The size of the image, and what follows from it. Nothing else of the walk-through is not as the README has it. */
const SIZES = ['700000000', '1050000000', '350000000'];

/** The same with an image of a hundredth of that. */
function smaller(text: string): string {
  return SIZES.reduce((rest, size) => rest.replaceAll(size, size.slice(0, -2)), text);
}

describe('The walk-through of the README', () => {
  it('does, word for word, what it says, and leaves nothing behind', async () => {
    const installation = await Installation.embedded();
    const platter = installation.start({}, { npm: true });
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);

    const small = steps.map(({ commands, shown }) => ({ commands: smaller(commands), shown: smaller(shown) }));
    const env = { PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    const { code, outputs, complaints } = await walk(small, cwd, env);
    expect(complaints).toBe('');
    expect(outputs.map(withoutChance)).toEqual([...small.map(({ shown }) => withoutChance(shown)), '']);
    expect(code).toBe(0);

    const database = await installation.databaseUrl();
    await expectNoDrift(database);
    expect(await rowsOf(database, 'select name from media')).toEqual([]);
    expect(await rowsOf(database, 'select id from groups where id <> 0')).toEqual([]);
    expect(await rowsOf(database, 'select * from authkeys')).toEqual([]);
    expect(await filesIn(installation.poolFolder)).toEqual([]);
    expect(await readdir(cwd)).toEqual([]);
    await platter.stop();
  });

  it('shows a refusal for the quota, with its status and message', () => {
    const shown = steps.map((step) => step.shown).join('');
    expect(shown).toMatch(/"code":9221,"message":"the quota of the group is surpassed: .*"}\n406\n/);
  });
});
