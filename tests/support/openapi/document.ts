import { readFileSync } from 'node:fs';

/** The parts of the OpenAPI document that tests read. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly 'x-elsewhere': readonly { readonly root: string; readonly responses: Responses }[];
}

export interface Operation {
  readonly security: readonly Readonly<Record<string, readonly []>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Responses;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly example?: string | number;
  readonly examples?: Readonly<Record<string, { readonly value: string }>>;
}

export type Responses = Readonly<Record<string, Response>>;

export interface Response {
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface MediaType {
  readonly schema?: object;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

/** A call in the document. */
export interface DocumentedCall {
  readonly operation: Operation;
  /** A JSON pointer, as a fragment. */
  readonly at: string;
}

let read: Document | undefined;

/** Returns the document of the built program. Throws without a build. */
export function document(): Document {
  const { PLATTER_TEST_DOCUMENT: path } = process.env;
  if (!path) throw new Error('There is no built program: run npm run build');
  read ??= JSON.parse(readFileSync(path, 'utf8')) as Document;
  return read;
}

/**
 * Returns the call of a request, or null if the document has none for its path and method. HEAD
 * counts as GET, unless it has a description of its own.
 */
export function findCall(method: string, target: string): DocumentedCall | null {
  const parts = partsOf(target.split('?')[0] ?? '');
  const fitting = Object.entries(document().paths).filter(([path]) => fits(partsOf(path), parts));
  // `/drives/detail/` is not the drive called "detail".
  const [path, methods] = fitting.sort(([left], [right]) => variablesIn(left) - variablesIn(right))[0] ?? [];
  const key = method === 'HEAD' && methods?.head === undefined ? 'get' : method.toLowerCase();
  const operation = methods?.[key];
  if (path === undefined || operation === undefined) return null;
  return { operation, at: `#/paths/${escaped(path)}/${key}` };
}

/** Escapes one step of a JSON pointer for a URI fragment. */
export function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Repeated and trailing slashes do not matter. */
function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((expected, index) => expected.startsWith('{') || expected === parts[index])
  );
}

function variablesIn(path: string): number {
  return path.split('{').length;
}
