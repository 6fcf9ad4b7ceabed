import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * The additional migration of the next version: it rewrites the busiest table and creates another.
 */
const MIGRATION = {
  name: '9999-next-version',
  up: [
    'alter table media add column next_version uuid not null default gen_random_uuid()',
    'create table next_version (id uuid primary key)',
  ],
  down: ['drop table next_version', 'alter table media drop column next_version'],
};

/** Builds a copy of the program with one more migration. Returns the path of its main file. */
export async function buildNextVersion(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  for (const name of ['package.json', 'build.mjs']) await cp(join(ROOT, name), join(folder, name));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'src', 'adapters', 'postgres', 'migrations.ts');
  const text = await readFile(file, 'utf8');
  const longer = text.replace(
    /^(export const MIGRATIONS[^=]*) = \[([^\]]*)\];$/m,
    (_all, name: string, known: string) => {
      return `${name} = [${known} ${JSON.stringify(MIGRATION)}];`;
    },
  );
  if (longer === text) throw new Error('migrations.ts has no list of migrations of the expected form');
  await writeFile(file, longer);
  await promisify(execFile)(process.execPath, ['build.mjs'], { cwd: folder, timeout: STUCK_AFTER_MS });
  return join(folder, 'dist', 'infrastructure', 'main.js');
}
