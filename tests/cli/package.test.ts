import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { NativeClient } from '../acceptance/native/native-client.ts';
import { ROOT_PASSWORD, startPlatter } from '../support/program/platter.ts';
import { MAIN } from './command.ts';
import { createDisk } from './depot.ts';
import { commandsIn } from './help.ts';

const ROOT = resolve(dirname(MAIN), '..', '..');
const run = promisify(execFile);

describe('The package', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'platter-package-')));
    await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const [file] = await readdir(folder);
    tarball = join(folder, file!);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('has the program and the documents, and neither sources nor tests', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''));
    const roots = new Set(files.map((path) => path.split('/')[0]));
    expect(roots).toEqual(new Set(['CHANGELOG.md', 'README.md', 'dist', 'docs', 'package.json']));
    expect(files.filter((path) => /\.ts$|\.test\./.test(path))).toEqual([]);
    expect(files).toContain('dist/infrastructure/main.js');
  });

  // Packages that are not in the cache of npm come from the registry.
  it('gives a working client and a working server with npm install -g', async () => {
    const prefix = join(folder, 'prefix');
    const options = ['--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', ['install', '--global', ...options, tarball], { cwd: folder, maxBuffer: 2 ** 24 });
    const bin = join(prefix, 'bin', 'platter');

    const platter = await startPlatter({
      main: () => join(prefix, 'lib', 'node_modules', 'platter', 'dist', 'infrastructure', 'main.js'),
    });
    const api = NativeClient.withPassword(platter.url, 'root', ROOT_PASSWORD);
    await createDisk(api, 'packed.img');
    const { token } = await api.ask<{ token: string }>('POST /tokens', { name: 'cli', scope: 'read' });
    const { PATH } = process.env;
    const env = { PATH, HOME: folder, PLATTER_URL: platter.url, PLATTER_TOKEN: token };
    const { stdout, stderr } = await run(bin, ['ls'], { env, cwd: folder });
    expect([stdout.split('\t')[1], stderr]).toEqual(['packed.img', '']);
    const help = await run(bin, ['--help'], { env, cwd: folder });
    expect(commandsIn(help.stdout)).toEqual(
      expect.arrayContaining(['group', 'user', 'grant', 'revoke', 'assign', 'unassign', 'token', 'activity']),
    );
    for (const words of [['group', 'ls'], ['group', 'pools', '/'], ['user', 'show'], ['token'], ['activity']]) {
      expect([words, await run(bin, words, { env, cwd: folder })]).toEqual([
        words,
        { stdout: expect.stringMatching(/./) as string, stderr: '' },
      ]);
    }
    // Before its program is removed.
    await platter.stop();
  });
});
