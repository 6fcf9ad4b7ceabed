import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { STUCK_AFTER_MS } from '../waiting/stuck-after.ts';

const BUILT = join(import.meta.dirname, '..', '..', '..', 'dist', 'infrastructure', 'server', 'api-document.js');

/** The OpenAPI document of the built program, stored in a file for every test process of a run. */
export interface WrittenDocument {
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes the document; returns null without a build, which unit tests do not need. */
export async function writeDocument(): Promise<WrittenDocument | null> {
  if (!existsSync(BUILT)) return null;
  const folder = await mkdtemp(join(tmpdir(), 'platter-document-'));
  const path = join(folder, 'openapi.json');
  const script = `
    const { apiDocument } = await import(${JSON.stringify(pathToFileURL(BUILT).href)});
    process.stdout.write(JSON.stringify(apiDocument()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: STUCK_AFTER_MS,
  });
  await writeFile(path, stdout);
  return { path, remove: async () => rm(folder, { recursive: true, force: true }) };
}
