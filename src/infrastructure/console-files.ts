import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleFile, ConsoleFiles } from '../adapters/http/operations/console-routes.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the built files of the console, about 2 MiB. Returns none where only the server was built.
 */
export function consoleFiles(): ConsoleFiles {
  const folder = dirname(fileURLToPath(import.meta.resolve('#console')));
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return new Map(paths.map((path) => [path, read(join(folder, path))]));
}

function read(path: string): ConsoleFile {
  const br = `${path}.br`;
  const gzip = `${path}.gz`;
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    bytes: readFileSync(path),
    ...(existsSync(br) && { br: readFileSync(br) }),
    ...(existsSync(gzip) && { gzip: readFileSync(gzip) }),
  };
}
