import { z } from 'zod';
import type { FailureCode } from '../../../../domain/shared/domain-error.ts';
import { headersOf, jsonAnswer, type AnswerDescriptions } from '../../shared/openapi/description.ts';
import { COMMON_ERRORS, OPERATIONS, PROTOCOL_ERRORS, type ErrorCode } from '../errors.ts';
import type { Operation, OperationFailures } from '../operations.ts';

/** Rows by what they are about, in kebab-case. */
export type Rows = readonly (readonly [about: string, row: ErrorCode])[];

/** Failures with the same row on every call that only some calls can meet. */
type SpecificError = 'too-many-logins' | 'no-space';

/** Who meets which of them. The compiler sees to it that the table says what the use cases do. */
const SPECIFIC_ERRORS: {
  readonly [
    Name in Operation as Extract<OperationFailures[Name], SpecificError> extends never ? never : Name
  ]: Readonly<Record<Extract<OperationFailures[Name], SpecificError>, true>>;
} = {
  'POST /u/auth': { 'too-many-logins': true },
  'PUT /m/media/create': { 'no-space': true },
  'PUT /m/media/upload': { 'no-space': true },
};

/** What any call may answer, whoever calls. */
const ANY_CALL: Rows = [
  ['malformed', PROTOCOL_ERRORS.malformed],
  ['not-implemented', PROTOCOL_ERRORS['not-implemented']],
  ['internal-error', PROTOCOL_ERRORS.unknown],
  ['unavailable', COMMON_ERRORS.unavailable],
];

/** Every error that a call may answer, out of the tables that its answers are made from. */
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

/** What is answered where there is no such path or method. */
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

/** On a 400 the message is said twice (docs/velocity.md#errors). */
function bodyOf(status: number, codes: readonly number[]): z.ZodType {
  const usual = { code: z.literal(codes), message: z.string() };
  return status === 400 ? z.object({ ...usual, error: z.literal(true), reason: z.string() }) : z.object(usual);
}
