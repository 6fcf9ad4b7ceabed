import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn, type Step } from './document.ts';
import { runSteps, withoutRandomValues } from './run-steps.ts';

const firstUpload = stepsIn(sectionOf(documentText('README.md'), '## First upload'));
const steps = stepsIn(sectionOf(documentText('docs/walk-through.md'), '## Groups, quotas and uploads'));

/**
 * The size of the image and the sizes that follow from it. The rest of the walk-through runs as
 * written.
 */
const SIZES = ['700000000', '1050000000', '350000000'];

/** Returns the text for an image of a hundredth of that size. */
function smaller(text: string): string {
  return SIZES.reduce((rest, size) => rest.replaceAll(size, size.slice(0, -2)), text);
}

/** The messages of the command line. */
const MESSAGES = /^Logged in to .*\nhello\.img: uploaded 15 B as .*\n$/;

/** What a checkout has that npm needs to find the program. */
const CHECKED_OUT = ['package.json', 'node_modules', 'dist'];

/** Fails unless the steps, run in `cwd`, print the documented output. */
async function expectWalk(
  steps: readonly Step[],
  cwd: string,
  env: Record<string, string>,
  messages = /^$/,
): Promise<void> {
  const { code, outputs, complaints } = await runSteps(steps, cwd, env);
  expect(complaints).toMatch(messages);
  expect(outputs.map(withoutRandomValues)).toEqual([
    ...steps.map(({ expectedOutput }) => withoutRandomValues(expectedOutput)),
    '',
  ]);
  expect(code).toBe(0);
}

describe('The README and the walk-through', () => {
  it('work as written, and leave only the first upload behind', async () => {
    const installation = await Installation.embedded();
    const platter = installation.start({}, { npm: true });
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);
    for (const name of CHECKED_OUT) await symlink(resolve(name), join(cwd, name));

    const small = steps.map(({ commands, expectedOutput }) => ({
      commands: smaller(commands),
      expectedOutput: smaller(expectedOutput),
    }));
    const env = { PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    expect(firstUpload).toHaveLength(3);
    const home = { HOME: installation.folder, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
    await expectWalk(firstUpload, cwd, { ...env, ...home }, MESSAGES);
    for (const name of CHECKED_OUT) await rm(join(cwd, name));
    expect(await rowsOf(await installation.databaseUrl(), 'delete from authkeys returning 1 as one')).toHaveLength(1);
    await expectWalk(small, cwd, env);

    const database = await installation.databaseUrl();
    await expectNoDrift(database);
    expect(await rowsOf(database, 'select name, state from media order by created_at')).toEqual([
      { name: 'hello.img', state: 'ready' },
      { name: 'hello-curl.img', state: 'ready' },
    ]);
    expect(await rowsOf(database, 'select id from groups where id <> 0')).toEqual([]);
    expect(await rowsOf(database, 'select * from authkeys')).toEqual([]);
    expect(await filesIn(installation.poolFolder)).toHaveLength(2);
    expect(await readdir(cwd)).toEqual([]);
    await platter.stop();
  });

  it('show a quota error, with its status and message', () => {
    const outputs = steps.map((step) => step.expectedOutput).join('');
    expect(outputs).toMatch(/"code":9221,"message":"group quota exceeded: .*"}\n406\n/);
  });
});
