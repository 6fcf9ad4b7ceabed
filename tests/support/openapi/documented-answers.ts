import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { document, escaped, findCall, type Document, type Response } from './document.ts';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** The JSON that was sent, if any. */
  readonly body?: string;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** The documentation of a response. */
interface DocumentedResponse {
  readonly at: string;
  readonly response: Response | undefined;
}

const JSON_TYPES: readonly string[] = ['application/json', 'application/problem+json'];

const WHOLE = 'whole';
const PROJECTED = 'projected';

/**
 * Fails unless the document allows this response to this request: status, media type and, for JSON
 * and text, the body. For a successful response the request body must be documented too.
 */
export function expectDocumented(request: SentRequest, answer: ReceivedAnswer): void {
  const { method, path } = request;
  const fault = faultOf(request, answer);
  if (fault === null) return;
  throw new Error(`Not as documented: ${method} ${path} > ${answer.status}: ${fault}\n${answer.text.slice(0, 2000)}`);
}

/** Like `expectDocumented` for an unknown request: at least one call must have such a response. */
export function expectDocumentedSomewhere({ status, text }: Pick<ReceivedAnswer, 'status' | 'text'>): void {
  if (text === '') return;
  const body: unknown = JSON.parse(text);
  const locations = [...elsewhere(status), ...everywhere(status)];
  const fits = locations.some(({ at, response }) => {
    const type = JSON_TYPES.find((known) => response?.content?.[known]?.schema !== undefined);
    return type !== undefined && validatorOf(WHOLE, `${at}/content/${escaped(type)}/schema`)(body);
  });
  if (!fits) throw new Error(`No call has such an answer: ${status} ${text.slice(0, 2000)}`);
}

function faultOf(
  { method, path, body }: SentRequest,
  { status, contentType = '', text }: ReceivedAnswer,
): string | null {
  const found = findCall(method, path);
  const cursor =
    found === null
      ? elsewhereOf(method, path, status)
      : { at: `${found.at}/responses/${status}`, response: found.operation.responses[status] };
  if (cursor.response === undefined) return 'no such status';

  // With `fields`, each field of the response is optional.
  const strictness = new URL(path, 'http://platter').searchParams.has('fields') ? PROJECTED : WHOLE;
  const answered = method === 'HEAD' ? null : bodyFault(cursor, strictness, contentType, text);
  if (answered !== null) return answered;

  const sent = found?.operation.requestBody?.content['application/json'];
  if (found === null || sent === undefined || status >= 300 || body === undefined || body === '') return null;
  const value: unknown = JSON.parse(body);
  // Null counts as no body.
  if (value === null) return null;
  const fault = schemaFault(PROJECTED, `${found.at}/requestBody/content/application~1json/schema`, value);
  return fault === null ? null : `the request was granted, but ${fault}`;
}

function bodyFault(
  { at, response }: DocumentedResponse,
  strictness: string,
  contentType: string,
  text: string,
): string | null {
  const type = contentType.split(';')[0] ?? '';
  const content = response?.content;
  if (content === undefined) return text === '' ? null : 'the body is not empty';
  const media = content[type];
  if (media === undefined) return `its type is ${type === '' ? 'missing' : type}`;
  if (media.schema === undefined) return null;
  const value: unknown = JSON_TYPES.includes(type) ? JSON.parse(text) : text;
  return schemaFault(strictness, `${at}/content/${escaped(type)}/schema`, value);
}

function schemaFault(strictness: string, at: string, value: unknown): string | null {
  const validate = validatorOf(strictness, at);
  return validate(value) ? null : validators().errorsText(validate.errors, { dataVar: 'it' });
}

/**
 * Returns the response for a path or method that the document does not have: the longest root
 * decides.
 */
function elsewhereOf(method: string, path: string, status: number): DocumentedResponse {
  const all = document()['x-elsewhere'];
  const fitting = all
    .filter(({ root }) => path.replace(/\/{2,}/g, '/').startsWith(root))
    .sort((left, right) => right.root.length - left.root.length);
  const [nearest] = fitting;
  // Only OPTIONS may get a response that is no error.
  if (nearest === undefined || (status < 400 && method !== 'OPTIONS')) return { at: '', response: undefined };
  return { at: `#/x-elsewhere/${all.indexOf(nearest)}/responses/${status}`, response: nearest.responses[status] };
}

function elsewhere(status: number): readonly DocumentedResponse[] {
  return document()['x-elsewhere'].map(({ responses }, index) => ({
    at: `#/x-elsewhere/${index}/responses/${status}`,
    response: responses[status],
  }));
}

function everywhere(status: number): readonly DocumentedResponse[] {
  return Object.entries(document().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      at: `#/paths/${escaped(path)}/${method}/responses/${status}`,
      response: responses[status],
    })),
  );
}

let compiler: Ajv2020 | undefined;

/** Compiles the document twice: as it is, and without the schemas of partial responses. */
function validators(): Ajv2020 {
  if (compiler !== undefined) return compiler;
  compiler = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(compiler);
  compiler.addSchema({ ...document(), $id: PROJECTED });
  compiler.addSchema({ ...withoutProjections(document()), $id: WHOLE });
  return compiler;
}

function withoutProjections(all: Document): object {
  const schemas = Object.entries(all.components.schemas).map(([name, schema]) => [
    name,
    name.endsWith('Fields') ? false : schema,
  ]);
  return { ...all, components: { ...all.components, schemas: Object.fromEntries(schemas) as object } };
}

function validatorOf(strictness: string, at: string): ValidateFunction {
  const validate = validators().getSchema(`${strictness}${at}`);
  if (validate === undefined) throw new Error(`the document has no ${at}`);
  return validate;
}
