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
import type { Operation } from '../operations.ts';
import { failuresOf, type Rows } from './failures.ts';

/** The description of a call without its errors, which come from the tables. */
export interface VelocityCall {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  /** The answers of success. */
  readonly answers: AnswerDescriptions;
  /** Errors from tables of other names. */
  readonly failures?: Rows;
  /** For calls without an authkey. */
  readonly isOpen?: true;
}

export function describeCall(operation: Operation, tag: string, call: VelocityCall): CallDescription {
  const { isOpen = false, failures = [], answers, ...rest } = call;
  const bytesIn = call.body?.schema === null;
  const bytesOut = operation === 'GET /m/media/{mid}/content';
  return {
    ...rest,
    tag,
    security: isOpen ? [] : ['authkey', 'authkeyHeader'],
    answers: {
      ...answers,
      ...failuresOf(operation, { needsAuthkey: !isOpen, takesJson: !bytesIn && !bytesOut, more: failures }),
    },
  };
}

/** Returns the description of a JSON body. */
export function jsonBody(schema: z.ZodType, examples: Examples, required = true): BodyDescription {
  return { type: 'application/json', schema, required, examples };
}

/** Returns the description of a 200 with JSON. */
export function answered(description: string, schema: z.ZodType): Readonly<Record<200, AnswerDescription>> {
  return { 200: jsonAnswer(description, schema) };
}
