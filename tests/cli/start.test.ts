import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAIN, Workplace } from './command.ts';
import { commandsIn } from './help.ts';

const ROOT = resolve(dirname(MAIN), '..', '..');

/** Returns the sources of a built file, from the project's root. */
async function sourcesOf(file: string): Promise<readonly string[]> {
  const { sources } = JSON.parse(await readFile(`${file}.map`, 'utf8')) as { sources: string[] };
  return sources.map((source) => relative(ROOT, resolve(dirname(file), source)));
}

describe('The command line', () => {
  it('loads no module of the service for a command of a user', async () => {
    const workplace = await Workplace.open();
    const list = join(workplace.folder, 'loaded');
    const hook = join(workplace.folder, 'hook.mjs');
    // A loader hook runs in a thread of its own.
    await writeFile(
      hook,
      `import { appendFileSync } from 'node:fs';
       export async function load(url, context, next) {
         appendFileSync(${JSON.stringify(list)}, url + '\\n');
         return next(url, context);
       }`,
    );
    const register = `data:text/javascript,import { register } from 'node:module'; register(${JSON.stringify(`file://${hook}`)});`;
    const command = workplace.start(['ls'], ['--import', register]);
    expect(await command.ended).toMatchObject({
      code: 2,
      complaints: expect.stringContaining('platter login') as string,
    });

    const loaded = (await readFile(list, 'utf8')).split('\n').filter((url) => url.startsWith('file:'));
    const files = loaded.map((url) => fileURLToPath(url)).filter((path) => path !== hook);
    expect(files).toContain(MAIN);
    const sources = (await Promise.all(files.map(sourcesOf))).flat();
    expect(sources).toContain('src/client/commands/ls.ts');
    const ours = sources.filter((path) => path.startsWith('src/') && !path.startsWith('src/client/'));
    expect(ours.sort()).toEqual([
      'src/infrastructure/main.ts',
      'src/infrastructure/operator-commands.ts',
      'src/infrastructure/program-version.ts',
    ]);
    const packages = sources.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    for (const heavy of ['zod', 'express', 'knex', 'pino', 'inversify']) expect(packages).not.toContain(heavy);
  });

  it('shows an example for each command', async () => {
    const workplace = await Workplace.open();
    const examined = async (words: readonly string[]): Promise<readonly string[]> => {
      const help = await workplace.output([...words, '--help']);
      if (words.length > 0) expect([words, help]).toEqual([words, expect.stringMatching(/\nExamples?:\n/)]);
      const below = await Promise.all(commandsIn(help).map(async (name) => examined([...words, name])));
      return [words.join(' '), ...below.flat()];
    };
    expect(await examined([])).toEqual(
      expect.arrayContaining(['login', 'ls', 'show', 'group', 'group ls', 'completion']),
    );
  });

  it.each([
    ['an unknown command', ['sevre']],
    ['an unknown option', ['ls', '--colour']],
    ['a missing argument', ['show']],
    ['a value out of the choices', ['ls', '--sort', 'age']],
    ['no login', ['ls']],
    ['no such profile', ['ls', '--profile', 'work']],
    ['the URL of no server', ['login', 'ftp://depot.example']],
  ])('ends with 2 for %s, and says why on standard error', async (_, words) => {
    const { code, output, complaints } = await (await Workplace.open()).run(words);
    expect([code, output]).toEqual([2, '']);
    expect(complaints).not.toBe('');
  });

  it('ends with 6 when nothing listens at the address', async () => {
    const workplace = await Workplace.open({ PLATTER_URL: 'http://127.0.0.1:9', PLATTER_TOKEN: 'plt_none' });
    const { code, output, complaints } = await workplace.run(['ls']);
    expect([code, output]).toEqual([6, '']);
    expect(complaints).toMatch(/no answer from http:\/\/127\.0\.0\.1:9: .*\nCheck the address/);
  });

  it('keeps the commands of the operator', async () => {
    const workplace = await Workplace.open();
    expect(await workplace.output(['serve', '--help'])).toContain('PLATTER_PORT');
    expect(await workplace.output(['library', 'add', '--help'])).toContain('publish a file');
    expect(await workplace.output(['user', 'password', 'ada', '--help'])).toContain('set the password of a user');
  });
});
