import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { titleWithClient, withClient } from '../../support/http/real-client.ts';
import { startPlatter, type Platter } from '../../support/program/platter.ts';
import { STUCK_AFTER_MS } from '../../support/waiting/stuck-after.ts';
import { Installation } from '../start-up/installation.ts';
import { documentText, sectionOf, stepsIn } from './document.ts';
import { runSteps, withoutRandomValues } from './run-steps.ts';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const LOCAL = JSON.stringify({ pools: [{ mpid: 1, name: 'default', path: 'pools/1', default: true }] });

const uploads = documentText('docs/uploads.md');

/** The example of a section in another language than that of the shell. */
function example(heading: string, language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(sectionOf(uploads, heading)) ?? [];
  if (code === undefined) throw new Error(`${heading} has no example`);
  return code;
}

describe('The document about uploads', () => {
  it('works as written with curl, and leaves nothing behind', async () => {
    const installation = await Installation.beside();
    const platter = installation.start();
    const url = await platter.ready();
    const cwd = join(installation.folder, 'checkout');
    await mkdir(cwd);
    const steps = stepsIn(sectionOf(uploads, '## With curl'));
    const env = { PLATTER: url, PLATTER_DATA_DIR: installation.dataDirectory };
    const { code, outputs, complaints } = await runSteps(steps, cwd, env);
    expect(complaints).toBe('');
    const expected = steps.map(({ expectedOutput }) => withoutRandomValues(expectedOutput));
    expect(outputs.map(withoutRandomValues)).toEqual([...expected, '']);
    expect(code).toBe(0);
    expect(await readdir(cwd)).toEqual([]);
    await expectNoDrift(await installation.databaseUrl());
    await platter.stop();
  });
});

describe('An example of an upload', () => {
  let platter: Platter;
  let root: Client;
  let folder: string;
  const bytes = randomBytes(3_000_000);
  beforeAll(async () => {
    platter = await startPlatter({ poolsFile: LOCAL });
    root = await logIn(platter.url);
    folder = await mkdtemp(join(tmpdir(), 'platter-examples-'));
    await writeFile(join(folder, 'image'), bytes);
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  function settings(name: string): Record<string, string> {
    return { PLATTER: platter.url, AUTHKEY: root.authkey, FILE: join(folder, 'image'), NAME: name, GID: '0' };
  }

  async function run(program: string, args: readonly string[], name: string): Promise<string> {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ...settings(name) };
    return (await promisify(execFile)(program, args, { cwd: PROJECT, env, timeout: STUCK_AFTER_MS })).stdout.trim();
  }

  async function expectItem(name: string, mid: string | null): Promise<void> {
    const { media } = await root.ask<{ media: { mid: string; name: string }[] }>('POST /m/media/list', { gid: 0 });
    const item = media.find((listed) => listed.name === name);
    expect(item).toMatchObject({ ...(mid === null ? {} : { mid }), size: bytes.length });
    expect((await root.read(item!.mid)).bytes.equals(bytes)).toBe(true);
  }

  it.each(['## With tus-js-client', '## With Uppy'])('%s works as written', async (heading) => {
    const name = freshName('image');
    await expectItem(
      name,
      await run(process.execPath, ['--input-type=module', '--eval', example(heading, 'js')], name),
    );
  });

  it(
    titleWithClient('python3', '## With Python works as written'),
    withClient('python3', async () => {
      const name = freshName('image');
      await expectItem(name, await run('python3', ['-c', example('## With Python', 'python')], name));
    }),
  );

  it('in the document about Velocity works as written', async () => {
    const name = freshName('image');
    const section = sectionOf(documentText('docs/velocity.md'), '### Continuing an upload after a broken connection');
    const headers = `header = "Authorization: Bearer ${root.authkey}"\nheader = "Tus-Resumable: 1.0.0"\n`;
    await writeFile(join(folder, 'tus.curl'), headers);
    const { complaints, code } = await runSteps(stepsIn(section), folder, settings(name));
    expect([complaints, code]).toEqual(['', 0]);
    await expectItem(name, null);
  });
});
