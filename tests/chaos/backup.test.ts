import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, logIn } from '../support/http/client.ts';
import { scrape } from '../support/http/scrape.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { createTestDatabase, rowsOf } from '../support/database/test-database.ts';
import { filesIn } from '../support/fixtures/pool-fixture.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { until } from '../support/waiting/until.ts';
import { documentText, sectionOf, stepsIn, type Step } from '../acceptance/readme/document.ts';
import { runSteps, type StepsResult } from '../acceptance/readme/run-steps.ts';
import { holdUpload, HELD_SIZE } from '../acceptance/start-up/held-upload.ts';
import { Installation } from '../acceptance/start-up/installation.ts';
import { MAIN } from '../acceptance/start-up/program.ts';

const SETTINGS = { PLATTER_ROOT_PASSWORD: ROOT_PASSWORD, PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0' };
const section = sectionOf(documentText('docs/operations.md'), '## Backup');

/** Returns the shell blocks below a heading of the section. */
function blocks(heading: string): readonly Step[] {
  return stepsIn(sectionOf(`\n${section}`, `### ${heading}`));
}

/**
 * Runs documented commands on an installation, with its settings, `platter` on the path and a
 * folder for the backup.
 */
class Operator {
  readonly backup: string;
  readonly #installation: Installation;
  readonly #path: string;

  private constructor(installation: Installation, backup: string, path: string) {
    this.#installation = installation;
    this.backup = backup;
    this.#path = path;
  }

  static async of(installation: Installation, backup?: string): Promise<Operator> {
    const path = await temporaryFolder();
    const program = `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`;
    await writeFile(join(path, 'platter'), program, { mode: 0o755 });
    return new Operator(installation, backup ?? (await temporaryFolder()), path);
  }

  /** Runs the steps and returns their output. Fails unless each succeeds. */
  async runSteps(steps: readonly Step[], databaseUrl?: string): Promise<string> {
    const { code, outputs, complaints } = await this.#walk(steps, databaseUrl);
    expect([complaints, code]).toEqual(['', 0]);
    return outputs.join('');
  }

  async #walk(steps: readonly Step[], databaseUrl?: string): Promise<StepsResult> {
    const { dataDirectory, folder } = this.#installation;
    return runSteps(steps, folder, {
      ...SETTINGS,
      PATH: `${this.#path}:${process.env.PATH ?? ''}`,
      PLATTER_DATA_DIR: dataDirectory,
      backup: this.backup,
      pools: join(dataDirectory, 'pools'),
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    });
  }
}

async function upload(root: Client, name: string): Promise<string> {
  const { status, body } = await root.upload({ group: 0, name }, `the bytes of ${name}`);
  expect(status).toBe(200);
  return (body as { mid: string }).mid;
}

async function listed(root: Client): Promise<readonly string[]> {
  const { media } = await root.ask<{ media: { name: string }[] }>('POST /m/media/list', { gid: 0 });
  return media.map(({ name }) => name);
}

/** Resolves after this many sweeps. */
async function sweeps(url: string, count: number): Promise<void> {
  const series = 'platter_chore_passes_total{chore="sweep",outcome="done"}';
  await until(`${count} sweeps`, async () => (await scrape(url)).value(series) >= count);
}

describe('The documented backup', () => {
  it('of a running service, restored next to newer bytes, keeps those and reports the differences', async () => {
    const installation = await Installation.embedded();
    const operator = await Operator.of(installation);
    const service = installation.start(SETTINGS);
    const root = await logIn(await service.ready());
    const [kept, gone] = [await upload(root, 'kept'), await upload(root, 'gone')];
    const stalledUpload = await holdUpload(root, { group: 0, name: 'half-way' }, installation.poolFolder);
    const saving = blocks('Saving while Platter runs');
    expect(saving).toHaveLength(3);
    // The backup must not follow a symlink that another user planted.
    const planted = join(await temporaryFolder(), 'planted');
    await writeFile(planted, 'not ours', { mode: 0o666 });
    await symlink(planted, join(operator.backup, 'database.tar.partial'));
    await operator.runSteps(saving);
    expect(await readFile(planted, 'utf8')).toBe('not ours');
    expect((await lstat(join(operator.backup, 'database.tar'))).mode & 0o777).toBe(0o600);
    const names = await readdir(operator.backup);
    expect(names.filter((name) => name.endsWith('.partial'))).toEqual(['database.tar.partial']);
    await rm(join(operator.backup, 'database.tar.partial'));

    stalledUpload.goOn();
    const answer = await stalledUpload.outcome;
    expect(answer).toMatchObject({ status: 200 });
    const finished = (answer as { body: { mid: string } }).body.mid;
    const later = await upload(root, 'later');
    await root.ask('DELETE /m/media', { mid: gone });
    await service.stop();
    const before = await filesIn(installation.poolFolder);
    expect(before).toHaveLength(3);

    // The pools are kept, with all later changes.
    const [, database, end] = blocks('Restoring what was saved while Platter ran');
    const report = await operator.runSteps([database!, end!]);
    const lines = report.split('\n');
    expect(lines[0]).toBe(
      `pool 1: media item ${finished} ("half-way", ${HELD_SIZE} bytes) was uploading: removed; its bytes stay, as blob ${finished}`,
    );
    const findings = [
      `bytes-missing: pool 1: the 17 bytes of media ${gone} (blob ${gone}) are not there`,
      ...[finished, later].map((id) => expect.stringMatching(`^bytes-unowned: .*${id}`) as string),
    ];
    expect(lines).toEqual(expect.arrayContaining([...findings, '3 findings']));

    const again = installation.start(SETTINGS);
    const url = await again.ready();
    const anew = await logIn(url);
    await sweeps(url, 4);
    expect(await filesIn(installation.poolFolder)).toEqual(before);
    expect(await listed(anew)).toEqual(['kept', 'gone']);
    expect((await anew.read(kept)).text).toBe('the bytes of kept');
    expect((await anew.read(gone)).status).toBe(503);
    const path = join(installation.poolFolder, later);
    expect(await readFile(path, 'utf8')).toBe('the bytes of later');
    await again.stop();

    // After a total loss the copy of the pools is restored too.
    await rename(installation.dataDirectory, `${installation.dataDirectory}.lost`);
    const afresh = await operator.runSteps(blocks('Restoring what was saved while Platter ran'));
    expect(afresh.trim().split('\n').at(-1)).toBe('healthy');
    expect((await filesIn(installation.poolFolder)).map(([name]) => name)).toEqual([kept, gone].sort());
    await rm(`${installation.dataDirectory}.lost`, { recursive: true });
  });

  it('of a stopped service restores everything', async () => {
    const installation = await Installation.embedded();
    const operator = await Operator.of(installation);
    const service = installation.start(SETTINGS);
    const root = await logIn(await service.ready());
    const gone = await upload(root, 'gone');
    await service.stop();
    await operator.runSteps(blocks('Saving everything with Platter ended'));

    const meanwhile = installation.start(SETTINGS);
    const later = await logIn(await meanwhile.ready());
    await later.ask('DELETE /m/media', { mid: gone });
    await upload(later, 'later');
    await meanwhile.stop();

    await operator.runSteps(blocks('Restoring what was saved with Platter ended'));
    const again = installation.start(SETTINGS);
    const anew = await logIn(await again.ready());
    expect(await listed(anew)).toEqual(['gone']);
    expect((await anew.read(gone)).text).toBe('the bytes of gone');
    expect((await installation.run(['doctor'], SETTINGS)).output).toMatch(/\nhealthy$/);
    await again.stop();
  });

  const dumps = canDump();
  it(`of an external database is a dump that can be restored${dumps ? '' : ' (NOT SEEN: pg_dump 18 is not installed)'}`, async () => {
    const commands = [...section.matchAll(/^```\n(pg_\w+ .*\n)```$/gm)].map(([, command]) => command!);
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['pg_dump', 'pg_restore']);
    if (!dumps) return;
    const { url } = await createTestDatabase({ migrated: false });
    const installation = await Installation.beside(url);
    await installation.run(['migrate'], SETTINGS);
    const operator = await Operator.of(installation);
    await mkdir(operator.backup, { recursive: true });
    await operator.runSteps([{ commands: commands[0]!, expectedOutput: '' }], url);
    const { url: fresh } = await createTestDatabase({ migrated: false });
    await operator.runSteps([{ commands: commands[1]!, expectedOutput: '' }], fresh);
    const installations = 'select id from installation';
    expect(await rowsOf(fresh, installations)).toEqual(await rowsOf(url, installations));
  });
});

/** Tells whether pg_dump is recent enough: an older version refuses the server of the tests. */
function canDump(): boolean {
  try {
    const [, major = '0'] = /\) (\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' })) ?? [];
    return Number(major) >= 18;
  } catch {
    return false;
  }
}
