import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Requests and responses in the shapes of the original's, with values of our own. */
export const FIXTURES = join(import.meta.dirname, '../../fixtures/cloudsigma');

/**
 * Where the exchanges are read: from the fixtures, or from recordings of the original where a run
 * names their folder.
 */
export const FOLDER = process.env.TEST_RECORDINGS ?? FIXTURES;

export interface RecordedRequest {
  readonly method: string;
  /** From the root of the API on. */
  readonly path: string;
  /** Undefined without one. */
  readonly body: unknown;
}

export interface RecordedResponse {
  readonly status: number;
  readonly body: unknown;
}

/** A recorded request, such as `request_drive_list`. */
export function recordedRequest(name: string, folder = FOLDER): RecordedRequest {
  const { first, body } = parts(name, folder);
  const [method = '', path = ''] = first.split(' ');
  return { method, path: path.replace('/api/2.0', ''), body };
}

/** A recorded response, such as `response_drive_list`. */
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

/**
 * The type of a value and of everything in it: one line for each place, with all the types that
 * occur there.
 */
export function shapeOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  note(value, '', found);
  return new Map([...found].map(([location, types]) => [location, [...types].sort().join(' or ')]));
}

/**
 * How the shape of an answer differs from what was recorded: place → `recorded → ours`, with `-`
 * for what is not there. What lies in a list or in an object that is empty on one side can't be
 * told and is left out; `opaque` are places whose inside belongs to whoever filled it.
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

/** A schema without the words that explain its fields, which are our own. */
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
