import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Workplace } from './command.ts';

describe('platter completion', () => {
  /** Returns what bash would offer behind these words. */
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const workplace = await Workplace.open();
    const script = join(workplace.folder, 'platter.bash');
    await writeFile(script, await workplace.output(['completion', 'bash']));
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

  it('knows the same commands in zsh and fish', async () => {
    const workplace = await Workplace.open();
    const zsh = await workplace.output(['completion', 'zsh']);
    expect(zsh).toMatch(/^#compdef platter\n/);
    expect(zsh).toMatch(/'ls'\) reply=\(.*--sort.*\)/);
    const fish = await workplace.output(['completion', 'fish']);
    expect(fish).toContain(`complete -c platter -n "__platter_at 'ls'" -l sort`);
  });

  it('refuses other shells', async () => {
    expect(await (await Workplace.open()).run(['completion', 'tcsh'])).toMatchObject({ code: 2, output: '' });
  });
});
