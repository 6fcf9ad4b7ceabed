import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rowsOf } from '../../support/database/test-database.ts';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';
import { runSteps, withoutRandomValues } from './run-steps.ts';

const steps = stepsIn(sectionOf(documentText('docs/api.md'), '## Ten steps with curl'));

/** Replaces what differs with every run and every machine. Everything else is compared. */
function shapeOf(output: string): string {
  return withoutRandomValues(output)
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\/l\/[\w-]{43}\//g, '/l/<secret>/')
    .replace(/"(free_bytes|rate)":\d+/g, '"$1":<number>')
    .replace(/"id":"\d+"/g, '"id":"<number>"');
}

describe('The document about /v1', () => {
  it('works as written, step by step, and leaves nothing behind', async () => {
    const installation = await Installation.beside();
    const platter = installation.start();
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);
    const env = { PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    const { code, outputs, complaints } = await runSteps(steps, cwd, env);
    expect(complaints).toBe('');
    expect(outputs.map(shapeOf)).toEqual([...steps.map(({ expectedOutput }) => shapeOf(expectedOutput)), '']);
    expect(code).toBe(0);

    expect(await readdir(cwd)).toEqual([]);
    const database = await installation.databaseUrl();
    await expectNoDrift(database);
    for (const table of ['api_tokens', 'login_sessions', 'links']) {
      expect(await rowsOf(database, `select * from ${table}`)).toEqual([]);
    }
    await platter.stop();
  });

  it('has ten steps, each with commands and their output', () => {
    const titles = documentText('docs/api.md').match(/^### \d+\. .*$/gm) ?? [];
    expect(titles).toHaveLength(10);
    for (const title of titles) {
      const inside = stepsIn(sectionOf(documentText('docs/api.md'), title));
      expect(inside.some(({ expectedOutput }) => expectedOutput !== '')).toBe(true);
    }
  });
});
