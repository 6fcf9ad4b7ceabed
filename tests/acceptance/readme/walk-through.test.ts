import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from '../../support/invariant.ts';
import { filesIn } from '../../support/platter-checks.ts';
import { rowsOf } from '../../support/postgres.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';

const steps = stepsIn(sectionOf(documentText('README.md'), '## A walk-through'));

/** The size of the image, and what follows from it. Nothing else of the walk-through is not as the README has it. */
const SIZES = ['700000000', '1050000000', '350000000'];

/** The same with an image of a hundredth of that. */
function smaller(text: string): string {
  return SIZES.reduce((rest, size) => rest.replaceAll(size, size.slice(0, -2)), text);
}

/** Between the steps, so that each can be told what it printed. No command prints this. */
const MARK = '\u001e';

async function run(
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: unknown; outputs: string[]; complaints: string }> {
  const script = steps.map(({ commands }) => `${smaller(commands)}printf '\\036'\n`).join('');
  const shell = spawn('bash', ['-c', `set -euo pipefail\n${script}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaints] = ['', ''];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const [code] = (await once(shell, 'close')) as [number | null];
  return { code, outputs: output.split(MARK), complaints };
}

/** Ids, keys and times are others each time, and the digest that of a smaller image; their form is not. */
function withoutChance(output: string): string {
  return output
    .trim()
    .replace(/"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, '"<uuid>"')
    .replace(/"sha256":"[0-9a-f]{64}"/g, '"sha256":"<sha256>"')
    .replace(/"authkey":"[\w-]{43}"/g, '"authkey":"<authkey>"')
    .replace(/"expires":\d{10}\b/g, '"expires":<time>');
}

describe('The walk-through of the README', () => {
  it('does, word for word, what it says, and leaves nothing behind', async () => {
    const installation = await Installation.embedded();
    const platter = installation.start({}, { npm: true });
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);

    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    const { code, outputs, complaints } = await run(cwd, env);
    expect(complaints).toBe('');
    expect(outputs.map(withoutChance)).toEqual([...steps.map(({ shown }) => withoutChance(smaller(shown))), '']);
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
