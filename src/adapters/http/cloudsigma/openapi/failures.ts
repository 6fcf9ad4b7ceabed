import { z } from 'zod';
import type { FailureCode } from '../../../../domain/shared/domain-error.ts';
import { headersOf, jsonAnswer, type AnswerDescriptions } from '../../shared/openapi/description.ts';
import { PROTOCOL_ERRORS, ERROR_CODES, type ErrorCode, type ErrorType } from '../errors.ts';

/** A property of a call that decides about its errors. */
export type Trait = 'call' | 'unsafe' | 'json' | 'bytes-in' | 'bytes-out' | 'not-implemented' | 'unknown-path';

interface ErrorNames {
  readonly protocolErrors: readonly (keyof typeof PROTOCOL_ERRORS)[];
  readonly failures: readonly FailureCode[];
}

const OF_TRAITS: Readonly<Record<Trait, ErrorNames>> = {
  call: {
    protocolErrors: ['malformed', 'not-implemented', 'unknown'],
    failures: ['not-authenticated', 'wrong-credentials', 'too-many-logins', 'unavailable'],
  },
  // Requests of pages of another origin.
  unsafe: { protocolErrors: ['foreign-origin'], failures: [] },
  json: { protocolErrors: ['not-acceptable', 'body-too-large'], failures: [] },
  'bytes-in': {
    protocolErrors: ['unsupported-content'],
    failures: ['body-too-short', 'body-too-long', 'body-cut-off', 'body-too-slow', 'digest-mismatch', 'format-refused'],
  },
  'bytes-out': {
    protocolErrors: ['precondition-failed', 'range-refused'],
    failures: ['bytes-missing', 'bytes-damaged'],
  },
  'not-implemented': { protocolErrors: ['not-implemented'], failures: [] },
  'unknown-path': { protocolErrors: ['foreign-origin', 'no-such-path', 'wrong-method'], failures: [] },
};

/** The lack of the database has a type of its own. */
const WITHOUT_DATABASE: ErrorCode = ['database', ERROR_CODES.unavailable[1]];

/** Returns all errors of a call, from the tables that its answers come from. */
export function failureAnswers(failures: readonly FailureCode[], traits: readonly Trait[]): AnswerDescriptions {
  const faults = traits.map((trait) => OF_TRAITS[trait]);
  const rows: readonly (readonly [about: string, row: ErrorCode])[] = [
    ...faults
      .flatMap(({ protocolErrors: outside }) => outside)
      .map((about) => [about, PROTOCOL_ERRORS[about]] as const),
    ...[...faults.flatMap((fault) => fault.failures), ...failures].map((code) => [code, ERROR_CODES[code]] as const),
    ['unavailable', WITHOUT_DATABASE],
  ];
  const statuses = new Set(rows.map(([, [, status]]) => status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const here = rows.filter(([, row]) => row[1] === status);
      const types = [...new Set(here.map(([, [type]]) => type))].sort();
      const about = [...new Set(here.map(([words]) => words.replaceAll('-', ' ')))];
      return [status, jsonAnswer(`${types.join(', ')}: ${about.join('; ')}`, bodyOf(types), headersOf(status))];
    }),
  );
}

/** Answers to unknown paths and methods. */
export const ERRORS_OF_ALL_PATHS: AnswerDescriptions = {
  200: { description: 'The methods that the path has (`OPTIONS`).', headers: ['Allow'] },
  ...failureAnswers([], ['call', 'unknown-path']),
};

/** Returns the schema of an error: a list of all faults (docs/cloudsigma.md#manners). */
function bodyOf(types: readonly ErrorType[]): z.ZodType {
  return z
    .array(
      z.object({
        error_type: z.enum(types),
        error_message: z.string(),
        error_point: z.string().nullable().meta({ description: 'The field at fault.' }),
      }),
    )
    .min(1);
}
