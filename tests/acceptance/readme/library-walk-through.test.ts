import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';
import { runSteps, withoutRandomValues } from './run-steps.ts';

const section = sectionOf(documentText('docs/walk-through.md'), '## Clone from a library');
const steps = stepsIn(section);

describe('The walk-through of the library', () => {
  it('works as written, and leaves only the library behind', async () => {
    const [, name, file] = /^(PLATTER_LIBRARY_FILE)=(\S+) npm start$/m.exec(section)!;
    const installation = await Installation.embedded();
    const platter = installation.start({ [name!]: file! }, { npm: true });
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);

    const env = { PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    const { code, outputs, complaints } = await runSteps(steps, cwd, env);
    expect(complaints).toBe('');
    expect(outputs.map(withoutRandomValues)).toEqual([
      ...steps.map(({ expectedOutput }) => withoutRandomValues(expectedOutput)),
      '',
    ]);
    expect(code).toBe(0);

    const database = await installation.databaseUrl();
    await expectNoDrift(database);
    const left = await rowsOf(database, 'select id from media where id not in (select media_id from library_drives)');
    expect(left).toEqual([]);
    expect(await filesIn(installation.poolFolder)).toHaveLength(4);
    expect(await readdir(cwd)).toEqual([]);
    await platter.stop();
  });
});
