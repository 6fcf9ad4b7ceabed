import type { z } from 'zod';
import type {
  AnswerDescription,
  AnswerDescriptions,
  BodyDescription,
  CallDescription,
  Examples,
  ParameterDescription,
} from '../../shared/openapi/description.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import type { FailureCode } from '../../../../domain/shared/domain-error.ts';
import { ROOT } from '../wire.ts';
import { failureAnswers, type Trait } from './failures.ts';

/** The description of a call without the errors that every call has. */
export interface CloudsigmaCall {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  /** The answers of success. */
  readonly answers: AnswerDescriptions;
  /** The failures of its use case. */
  readonly failures?: readonly FailureCode[];
  /** For calls that are known and not implemented. */
  readonly isNotImplemented?: true;
  /** For calls that need no credentials. */
  readonly isPublic?: true;
  /** For calls whose body or answer is raw bytes, and their errors. */
  readonly bytes?: 'in' | 'out';
}

/** Calls of a resource, by method and path below the root of the dialect. */
export type CloudsigmaCalls = Readonly<Record<string, CloudsigmaCall>>;

/** A resource in the document; each has one in its `openapi.ts`. */
export interface DescribedResource {
  readonly name: string;
  readonly description: string;
  readonly calls: CloudsigmaCalls;
}

/** Returns the calls of a resource by method and full path. */
export function describeResource({
  name: resource,
  calls,
}: DescribedResource): Readonly<Record<string, CallDescription>> {
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => {
      const [method = '', path = ''] = name.split(' ');
      return [`${method} ${ROOT}${path}`, describeCall(method, tagOf(resource), call)];
    }),
  );
}

/** Returns the tag that groups the calls of a resource. */
export function tagOf(name: string): string {
  return `CloudSigma: ${name}`;
}

function describeCall(method: string, tag: string, call: CloudsigmaCall): CallDescription {
  const { failures = [], bytes, isNotImplemented = false, isPublic = false, answers, ...rest } = call;
  const traits: readonly Trait[] = [
    'call',
    ...(method === 'GET' ? [] : (['unsafe'] as const)),
    bytes === undefined ? 'json' : `bytes-${bytes}`,
    ...(isNotImplemented ? (['not-implemented'] as const) : []),
  ];
  return {
    ...rest,
    tag,
    security: isPublic ? [] : ['password'],
    answers: { ...answers, ...failureAnswers(failures, traits) },
  };
}

/** Returns all failures of a use case. The compiler checks that none is missing. */
export function allOf<Code extends FailureCode>(failures: Readonly<Record<Code, true>>): readonly FailureCode[] {
  return Object.keys(failures) as Code[];
}

export function jsonBody(schema: z.ZodType, examples: Examples, required = true): BodyDescription {
  return { type: 'application/json', schema, required, examples };
}

export function ok(description: string, schema: z.ZodType): Readonly<Record<200, AnswerDescription>> {
  return { 200: jsonAnswer(description, schema) };
}

/** The answer to a deletion. */
export const NO_CONTENT: AnswerDescriptions = { 204: { description: 'Deleted' } };
