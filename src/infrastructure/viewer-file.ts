import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ViewerFile } from '../adapters/http/operations/document-routes.ts';

/** Reads a file of the installed OpenAPI viewer. */
export function viewerFile(name: ViewerFile): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
}
