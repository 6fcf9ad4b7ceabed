// Writes the types of `/v1` for its clients, from the OpenAPI document of the sources: the contents
// of successful answers, and what requests carry. `--print` prints them instead.
// Run it with `npm run types`.
import { writeFile } from 'node:fs/promises';
import openapiTypes, { astToString } from 'openapi-typescript';
import { apiDocument } from './src/infrastructure/server/api-document.ts';

const FILE = 'src/client/api/v1.d.ts';
/** Texts for readers of the document, which the types do not need. */
const PROSE = new Set(['description', 'summary', 'example', 'examples', 'tags', 'security', 'headers']);

const { openapi, info, paths } = JSON.parse(JSON.stringify(apiDocument()));
const bare = {
  openapi,
  info,
  paths: Object.fromEntries(
    Object.entries(paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .map(([path, calls]) => [path, mapValues(calls, withoutFailures)]),
  ),
};
const text = `// Written by \`npm run types\`.\n${astToString(await openapiTypes(withoutProse(bare)))}`
  .replace(/^ +\w+\??: never;\n/gm, '')
  .replace(/^export type \$?\w+ = Record<string, never>;\n/gm, '')
  .replace(/^export interface \w+ \{\s+\}\n/gm, '')
  .replace(/(?<=: )\{\s+\}/g, 'object');
if (process.argv.includes('--print')) process.stdout.write(text);
else await writeFile(FILE, text);

function withoutFailures(call) {
  const responses = Object.entries(call.responses).filter(([status]) => Number(status) < 300);
  return { ...call, responses: Object.fromEntries(responses) };
}

/** Leaves names of fields alone: only a text is prose, not the schema of a field of that name. */
function withoutProse(node, isMap = false) {
  if (Array.isArray(node)) return node.map((one) => withoutProse(one));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => isMap || !PROSE.has(key))
      .map(([key, value]) => [key, withoutProse(value, !isMap && key === 'properties')]),
  );
}

function mapValues(values, map) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
