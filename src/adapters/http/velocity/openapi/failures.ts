import { z } from 'zod';
import type { FailureCode } from '../../../../domain/shared/domain-error.ts';
import { headersOf, jsonAnswer, type AnswerDescriptions } from '../../shared/openapi/description.ts';
import { COMMON_ERRORS, OPERATIONS, PROTOCOL_ERRORS, type ErrorCode } from '../errors.ts';
import type { Operation, OperationFailures } from '../operations.ts';

/** Rows with the error as kebab-case. */
export type Rows = readonly (readonly [about: string, row: ErrorCode])[];

/** Common failures that only some calls have. */
type SpecificError = 'too-many-logins' | 'no-space';

/** The calls of these failures. The compiler checks it against the use cases. */
const SPECIFIC_ERRORS: {
  readonly [
    Name in Operation as Extract<OperationFailures[Name], SpecificError> extends never ? never : Name
  ]: Readonly<Record<Extract<OperationFailures[Name], SpecificError>, true>>;
} = {
  'POST /u/auth': { 'too-many-logins': true },
  'PUT /m/media/create': { 'no-space': true },
  'PUT /m/media/upload': { 'no-space': true },
};

/** Errors of every call. */
const ANY_CALL: Rows = [
  ['malformed', PROTOCOL_ERRORS.malformed],
  ['not-implemented', PROTOCOL_ERRORS['not-implemented']],
  ['internal-error', PROTOCOL_ERRORS.unknown],
  ['unavailable', COMMON_ERRORS.unavailable],
];

/** Returns all errors of a call, from the tables that its answers come from. */
export function failuresOf(
  operation: Operation,
  { needsAuthkey, takesJson, more = [] }: { needsAuthkey: boolean; takesJson: boolean; more?: Rows },
): AnswerDescriptions {
  const seldom: Readonly<Partial<Record<Operation, object>>> = SPECIFIC_ERRORS;
  return failureAnswers([
    ...ANY_CALL,
    ...(needsAuthkey ? ([['not-authenticated', COMMON_ERRORS['not-authenticated']]] as const) : []),
    ...(takesJson ? ([['body-too-large', PROTOCOL_ERRORS['body-too-large']]] as const) : []),
    ...Object.keys(seldom[operation] ?? {}).map((code) => [code, COMMON_ERRORS[code as SpecificError]] as const),
    ...(Object.entries(OPERATIONS[operation]) as [FailureCode, ErrorCode][]),
    ...more,
  ]);
}

/** Answers to unknown paths and methods. */
export const ERRORS_OF_ALL_PATHS: AnswerDescriptions = {
  200: { description: 'The answer to a preflight (`OPTIONS`).' },
  ...failureAnswers([
    ...ANY_CALL,
    ['no-such-path', PROTOCOL_ERRORS['no-such-path']],
    ['wrong-method', PROTOCOL_ERRORS['wrong-method']],
    ['not-authenticated', COMMON_ERRORS['not-authenticated']],
  ]),
};

function failureAnswers(rows: Rows): AnswerDescriptions {
  const statuses = new Set(rows.map(([, [, status]]) => status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const here = rows.filter(([, row]) => row[1] === status).sort(([, [left]], [, [right]]) => left - right);
      const lines = here.map(([about, [code]]) => `${code} ${about.replaceAll('-', ' ')}`);
      const codes = [...new Set(here.map(([, [code]]) => code))];
      return [status, jsonAnswer(lines.join('; '), bodyOf(status, codes), headersOf(status))];
    }),
  );
}

/** Returns the schema of an error. A 400 repeats the message (docs/velocity.md#errors). */
function bodyOf(status: number, codes: readonly number[]): z.ZodType {
  const usual = { code: z.literal(codes), message: z.string() };
  return status === 400 ? z.object({ ...usual, error: z.literal(true), reason: z.string() }) : z.object(usual);
}
