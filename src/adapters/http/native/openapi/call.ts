import { z } from 'zod';
import type { FailureCode } from '../../../../domain/shared/domain-error.ts';
import { failureRow } from '../../shared/failure-problems.ts';
import {
  jsonAnswer,
  type AnswerDescription,
  type AnswerDescriptions,
  type BodyDescription,
  type CallDescription,
  type DescribedHeader,
  type Examples,
  type ParameterDescription,
} from '../../shared/openapi/description.ts';
import { problemResponses, rowsOf } from '../../shared/openapi/problem-responses.ts';
import type { REQUEST_PROBLEMS } from '../../shared/problems.ts';
import { ROOT, termsOf, type Operation } from '../operations.ts';

type Kind = keyof typeof REQUEST_PROBLEMS;

/** The failures of the use cases of a call: with the type of them, none can be missing. */
export type FailureSet<Code extends FailureCode> = Readonly<Record<Code, true>>;

/** The description of a call without what all calls have. */
export interface NativeCall {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  /** The answers of success. */
  readonly answers: AnswerDescriptions;
  /** Those of identifying the caller are added. */
  readonly failures: Readonly<Partial<Record<FailureCode, true>>>;
  /** Problems besides those of every call. */
  readonly problems?: readonly Kind[];
}

/** A resource in the document. */
export interface NativeResource {
  readonly name: string;
  readonly description: string;
  readonly calls: Readonly<Partial<Record<Operation, NativeCall>>>;
}

const IDENTIFYING: readonly FailureCode[] = [
  'not-authenticated',
  'wrong-credentials',
  'too-many-logins',
  'scope-missing',
  'unavailable',
];
const ALWAYS: readonly Kind[] = ['malformed', 'foreign-origin', 'not-implemented', 'internal-error'];
const OF_BODIES: readonly Kind[] = ['body-too-large'];
const OF_KEYS: readonly FailureCode[] = ['idempotency-key-reused', 'idempotency-key-busy'];
const IDEMPOTENCY_KEY: ParameterDescription = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description:
    'A new key for each request: sent again with the same key within 24 hours, the request is answered as the first time and changes nothing.',
  schema: z.string().min(1).max(257),
};
const CREDENTIALS = ['authkey', 'session', 'password'] as const;
const WITH_TOKEN = ['token', ...CREDENTIALS] as const;

/** Returns the calls of a resource as the document has them. */
export function describeResource({ name, calls }: NativeResource): Readonly<Record<string, CallDescription>> {
  return Object.fromEntries(
    (Object.entries(calls) as [Operation, NativeCall][]).map(([operation, call]) => [
      operation.replace(' ', ` ${ROOT}`),
      describeCall(operation, tagOf(name), call),
    ]),
  );
}

/** Returns the tag of a resource. */
export function tagOf(name: string): string {
  return `Platter: ${name}`;
}

function describeCall(operation: Operation, tag: string, call: NativeCall): CallDescription {
  const { failures, problems = [], answers, parameters = [], ...rest } = call;
  const { scope, key } = termsOf(operation);
  const isOpen = scope === 'open';
  const codes = new Set([
    ...(isOpen ? ['unavailable' as const] : IDENTIFYING),
    ...(key === 'kept' ? OF_KEYS : []),
    ...(Object.keys(failures) as FailureCode[]),
  ]);
  return {
    ...rest,
    parameters: key === 'kept' ? [...parameters, IDEMPOTENCY_KEY] : parameters,
    tag,
    security: isOpen ? [] : scope === 'login' ? CREDENTIALS : WITH_TOKEN,
    answers: {
      ...answers,
      ...problemResponses([
        ...[...codes].map((code) => [code, failureRow(code)[0]] as const),
        ...rowsOf([...ALWAYS, ...problems, ...(termsOf(operation).maxBodyBytes === null ? [] : OF_BODIES)]),
      ]),
    },
  };
}

/** Returns the description of a JSON body. */
export function jsonBody(schema: z.ZodType, examples: Examples): BodyDescription {
  return { type: 'application/json', schema, required: true, examples };
}

/** Returns the answers of a resource or a list with an ETag. */
export function taggedAnswers(description: string, schema: z.ZodType): AnswerDescriptions {
  return { 200: jsonAnswer(description, schema, ['ETag', 'Cache-Control']), 304: NOT_MODIFIED };
}

const NOT_MODIFIED: AnswerDescription = { description: 'The client has it already', headers: ['ETag'] };

/** Returns the answer of a call without a result. */
export function emptyAnswer(description: string, headers: readonly DescribedHeader[] = []): AnswerDescription {
  return { description, headers };
}

/** Returns the parameters of a list: those of its query, from the schema that parses it. */
export function queryParameters(fields: Readonly<Record<string, z.ZodType>>): readonly ParameterDescription[] {
  return Object.entries(fields).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    description: z.globalRegistry.get(schema)?.description ?? schema.description ?? '',
    schema,
  }));
}

/** Returns the description of an id in the path. */
export function pathId(name: string, description: string, example: string | number): ParameterDescription {
  const schema = typeof example === 'number' ? z.int().min(0) : z.string();
  return { name, in: 'path', required: true, description, schema, example };
}
