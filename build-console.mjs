// Builds the console into `dist/console/`, with compressed copies of its files. Does nothing if
// nothing that it is made of has changed since.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

const FOLDER = 'dist/console';
const RECORD = join(FOLDER, 'inputs.sha256');
const INPUTS = ['console', 'src/client/api', 'package-lock.json', 'build-console.mjs'];
const COMPRESSED = /\.(?:js|css|svg)$/;

const digest = await digestOf(INPUTS);
if ((await readFile(RECORD, 'utf8').catch(() => '')) !== digest) {
  await rm(RECORD, { force: true });
  await build({ configFile: 'console/vite.config.mjs', logLevel: 'error' });
  for (const path of await filesIn(FOLDER)) if (COMPRESSED.test(path)) await compress(path);
  await writeFile(RECORD, digest);
}

async function compress(path) {
  const bytes = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

async function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const path of await filesIn(input)) hash.update(`${path}\0`).update(await readFile(path));
  }
  return hash.digest('hex');
}

/** Returns the files below a folder in a fixed order; a file alone as itself. */
async function filesIn(path) {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
