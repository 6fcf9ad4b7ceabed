import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';
import { runSteps, withoutRandomValues } from './run-steps.ts';

const LIBRARY = join(import.meta.dirname, '..', '..', '..', 'examples', 'library.yaml');

const steps = stepsIn(sectionOf(documentText('docs/servers.md'), '## From a CD-ROM of the library to a server'));

describe('The document about servers', () => {
  it('works as written, and leaves nothing behind', async () => {
    const installation = await Installation.beside();
    const platter = installation.start({ PLATTER_LIBRARY_FILE: LIBRARY });
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
    for (const table of ['servers', 'attachments', 'tags', 'media_tags', 'server_tags']) {
      expect(await rowsOf(database, `select * from ${table}`)).toEqual([]);
    }
    expect(await readdir(cwd)).toEqual([]);
    await platter.stop();
  });
});
