import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { sectionOf } from '../acceptance/readme/document.ts';
import { MAIN } from './command.ts';
import { commandsIn } from './help.ts';

const DOCUMENT = 'docs/cli.md';

/** Returns the help of a command, as it is in 80 columns. */
async function helpOf(words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...words, '--help'], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
  });
  return stdout.trimEnd();
}

/** Returns the help of every command below these words, deepest last. */
async function reference(words: readonly string[] = []): Promise<string> {
  const help = await helpOf(words);
  const title = `### ${['platter', ...words].join(' ')}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
  const below = await Promise.all(commandsIn(help).map(async (name) => reference([...words, name])));
  return [words.length === 0 ? '' : title, ...below].filter((part) => part !== '').join('\n');
}

it('The reference has what every command prints with --help (PLATTER_WRITE_REFERENCE=1 writes it)', async () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  const section = sectionOf(document, '## Reference');
  const [introduction = ''] = section.split(/\n### /);
  const fresh = `${introduction.trimEnd()}\n\n${await reference()}`;
  if (process.env.PLATTER_WRITE_REFERENCE === '1') {
    writeFileSync(
      DOCUMENT,
      document.replace(section, () => fresh),
    );
  } else {
    expect(section.trimEnd()).toBe(fresh.trimEnd());
  }
});
