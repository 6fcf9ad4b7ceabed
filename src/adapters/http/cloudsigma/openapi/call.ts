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

/** What is said of a call besides what every call may answer. */
export interface CloudsigmaCall {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  /** What it answers when it does what it is asked for. */
  readonly answers: AnswerDescriptions;
  /** What its use case may fail with. */
  readonly failures?: readonly FailureCode[];
  /** For what is known and never done. */
  readonly isNotImplemented?: true;
  /** What else may go wrong with bytes that come in or go out as they are. */
  readonly bytes?: 'in' | 'out';
}

/** Calls of one resource, by method and path below the root of the dialect. */
export type CloudsigmaCalls = Readonly<Record<string, CloudsigmaCall>>;

/** A resource in the document: each has a file `openapi.ts` with one of these. */
export interface DescribedResource {
  readonly name: string;
  readonly description: string;
  readonly calls: CloudsigmaCalls;
}

/** The calls of a resource, by method and whole path. */
export function describeResource({ name, calls }: DescribedResource): Readonly<Record<string, CallDescription>> {
  return Object.fromEntries(
    Object.entries(calls).map(([call, said]) => {
      const [method = '', path = ''] = call.split(' ');
      return [`${method} ${ROOT}${path}`, describeCall(method, tagOf(name), said)];
    }),
  );
}

/** The tag of a resource: what its calls are listed under. */
export function tagOf(name: string): string {
  return `CloudSigma: ${name}`;
}

function describeCall(method: string, tag: string, said: CloudsigmaCall): CallDescription {
  const { failures = [], bytes, isNotImplemented: isAbsent = false, answers, ...rest } = said;
  const traits: readonly Trait[] = [
    'call',
    ...(method === 'GET' ? [] : (['unsafe'] as const)),
    bytes === undefined ? 'json' : `bytes-${bytes}`,
    ...(isAbsent ? (['absent'] as const) : []),
  ];
  return { ...rest, tag, security: ['password'], answers: { ...answers, ...failureAnswers(failures, traits) } };
}

/** Every failure of a use case: the compiler sees to it that none is left out. */
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
export const NO_CONTENT: AnswerDescriptions = { 204: { description: 'Gone' } };
