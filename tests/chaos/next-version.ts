import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../support/files/temporary-folder.ts';

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

/** Copies the built program and adds one migration. Returns the path of its main file. */
export async function buildNextVersion(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'dist', 'adapters', 'postgres', 'migrations.js');
  const text = await readFile(file, 'utf8');
  const longer = text.replace(/^export const MIGRATIONS = \[([^\]]*)\];$/m, (_all, known: string) => {
    return `export const MIGRATIONS = [${known} ${JSON.stringify(MIGRATION)}];`;
  });
  if (longer === text) throw new Error('migrations.js has no list of migrations of the expected form');
  await writeFile(file, longer);
  return join(folder, 'dist', 'infrastructure', 'main.js');
}
