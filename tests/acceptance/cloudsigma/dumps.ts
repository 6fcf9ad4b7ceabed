import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Requests and responses in the form of the original service, with our own values. */
export const FIXTURES = join(import.meta.dirname, '../../fixtures/cloudsigma');

/**
 * The folder of the exchanges: the fixtures, or recordings of the original service if the run names
 * a folder.
 */
export const FOLDER = process.env.TEST_RECORDINGS ?? FIXTURES;

export interface RecordedRequest {
  readonly method: string;
  /** The path below the root of the API. */
  readonly path: string;
  /** Undefined without a body. */
  readonly body: unknown;
}

export interface RecordedResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Reads a recorded request, such as `request_drive_list`. */
export function recordedRequest(name: string, folder = FOLDER): RecordedRequest {
  const { first, body } = parts(name, folder);
  const [method = '', path = ''] = first.split(' ');
  return { method, path: path.replace('/api/2.0', ''), body };
}

/** Reads a recorded response, such as `response_drive_list`. */
export function recordedResponse(name: string, folder = FOLDER): RecordedResponse {
  const { first, body } = parts(name, folder);
  return { status: Number(first.split(' ')[1]), body };
}

function parts(name: string, folder: string): { readonly first: string; readonly body: unknown } {
  const lines = readFileSync(join(folder, `${name}.http`), 'utf8').split(/\r?\n/);
  const begin = lines.findIndex((line) => /^[[{]/.test(line));
  const text = begin === -1 ? '' : lines.slice(begin).join('\n').trim();
  return { first: lines[0] ?? '', body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** Returns the types of a value and of everything in it: one line per path, with all its types. */
export function shapeOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  note(value, '', found);
  return new Map([...found].map(([location, types]) => [location, [...types].sort().join(' or ')]));
}

/**
 * Returns the differences between the shape of an answer and a recorded one: path → `recorded →
 * ours`, with `-` for an absent value. Skips the elements of a list or object that is empty on one
 * side, and the inside of `opaque` paths.
 */
export function differences(
  recorded: unknown,
  ours: unknown,
  opaque: readonly string[] = [],
): Readonly<Record<string, string>> {
  const [before, now] = [shapeOf(recorded), shapeOf(ours)];
  const locations = [...new Set([...before.keys(), ...now.keys()])].sort();
  const found: Record<string, string> = {};
  for (const location of locations) {
    const [was, is] = [before.get(location), now.get(location)];
    if (was === is || opaque.some((prefix) => location.startsWith(`${prefix}.`))) continue;
    const parent = location.replace(/(?:\.[^.]+|\[\])$/, '');
    if (location.endsWith('[]') ? was === undefined || is === undefined : !before.has(parent) || !now.has(parent))
      continue;
    found[location] = `${was ?? '-'} → ${is ?? '-'}`;
  }
  return found;
}

/** Returns a schema without its help texts, which are our own. */
export function withoutWords(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, inside: unknown) => (name === 'help_text' ? undefined : inside)));
}

function note(value: unknown, location: string, found: Map<string, Set<string>>): void {
  const types = found.get(location) ?? new Set<string>();
  found.set(location, types.add(typeOf(value)));
  if (Array.isArray(value)) for (const element of value as unknown[]) note(element, `${location}[]`, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inside] of Object.entries(value)) note(inside, `${location}.${name}`, found);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
