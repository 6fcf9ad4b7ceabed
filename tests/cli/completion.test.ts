import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Workplace } from './command.ts';
import { commandsIn } from './help.ts';

describe('platter completion', () => {
  let workplace: Workplace;
  let script: string;
  beforeAll(async () => {
    workplace = await Workplace.open();
    script = join(workplace.folder, 'platter.bash');
    await writeFile(script, await workplace.output(['completion', 'bash']));
  });

  /** Returns what bash would offer behind these words. */
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const { stdout } = await promisify(execFile)(
      'bash',
      [
        '-c',
        `. '${script}'; COMP_WORDS=(platter ${line}); COMP_CWORD=${words.length}; _platter; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      { cwd: workplace.folder },
    );
    return stdout.trim().split('\n');
  };

  it('completes commands, their options, and commands of the operator in bash', async () => {
    expect(await offered('log')).toEqual(['login']);
    expect(await offered('ls', '--s')).toEqual(['--sort']);
    expect(await offered('--profile', 'x', 'ls', '--js')).toEqual(['--json']);
    expect(await offered('scr')).toEqual(['scrub']);
    expect(await offered('pool', 'm')).toEqual(['move']);
  });

  it('completes every command and every option that a help shows in bash', async () => {
    const check = async (words: readonly string[]): Promise<number> => {
      const help = await workplace.output([...words, '--help']);
      const commands = commandsIn(help);
      const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][\w-]*)/gm)].map(([, option]) => option!);
      const known = await offered(...words, '');
      expect([words, known]).toEqual([words, expect.arrayContaining([...commands, ...options])]);
      const below = await Promise.all(commands.map(async (name) => check([...words, name])));
      return 1 + below.reduce((sum, count) => sum + count, 0);
    };
    expect(await check([])).toBeGreaterThan(25);
  });

  it('offers files where there is no word to complete', async () => {
    await writeFile(join(workplace.folder, 'debian 12.iso'), '');
    const start = join(workplace.folder, 'bashrc');
    await writeFile(start, `PS1='ready> '; bind 'set bell-style none'; . '${script}'\n`);
    const terminal = workplace.bash(start);
    await terminal.sees(/ready> $/);
    terminal.type('platter upload deb\t');
    await terminal.sees(/upload debian\\ 12\.iso/);
    terminal.type('\u0015platter gr\t');
    // Both grant and group begin with it.
    terminal.type('ou\tre\t');
    await terminal.sees(/platter group rename $/);
    terminal.type('\u0015exit\r');
    expect(await terminal.ended).toBe(0);
  });

  it('knows the same commands in zsh and fish', async () => {
    const zsh = await workplace.output(['completion', 'zsh']);
    expect(zsh).toMatch(/^#compdef platter\n/);
    expect(zsh).toMatch(/'ls'\) reply=\(.*--sort.*\)/);
    const fish = await workplace.output(['completion', 'fish']);
    expect(fish).toContain(`complete -c platter -n "__platter_at 'ls'" -l sort`);
  });

  it('refuses other shells', async () => {
    expect(await workplace.run(['completion', 'tcsh'])).toMatchObject({ code: 2, output: '' });
  });
});
