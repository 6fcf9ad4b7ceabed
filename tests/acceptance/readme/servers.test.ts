import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from '../../support/invariant.ts';
import { rowsOf } from '../../support/postgres.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';
import { play } from './shell.ts';

const LIBRARY = join(import.meta.dirname, '..', '..', '..', 'examples', 'library.yaml');

const steps = stepsIn(sectionOf(documentText('docs/servers.md'), '## From a CD-ROM of the library to a server'));

/** Uuids are others each time, but for those that the library file gives; their form is not. */
function withoutChance(output: string): string {
  return output.trim().replace(/(?!5e2c6f5e)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>');
}

describe('The document about servers', () => {
  it('does, word for word, what it says, and leaves nothing behind', async () => {
    const installation = await Installation.beside();
    const platter = installation.start({ PLATTER_LIBRARY_FILE: LIBRARY });
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    const { code, outputs, complaints } = await play(steps, cwd, env);
    expect(complaints).toBe('');
    expect(outputs.map(withoutChance)).toEqual([...steps.map(({ shown }) => withoutChance(shown)), '']);
    expect(code).toBe(0);

    const database = await installation.databaseUrl();
    await expectNoDrift(database);
    for (const table of ['servers', 'attachments', 'tags', 'media_tags', 'server_tags']) {
      expect(await rowsOf(database, `select * from ${table}`)).toEqual([]);
    }
    expect(await readdir(cwd)).toEqual([]);
    await platter.stop();
  }, 300_000);
});
