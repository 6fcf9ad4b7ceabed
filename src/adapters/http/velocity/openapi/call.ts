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

/** What is said of a call besides its errors, which the tables know. */
export interface VelocityCall {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  /** What it answers when it does what it is asked for. */
  readonly answers: AnswerDescriptions;
  /** Errors that the tables number outside of the call. */
  readonly failures?: Rows;
  /** For calls that need no authkey. */
  readonly isOpen?: true;
}

export function describeCall(operation: Operation, tag: string, said: VelocityCall): CallDescription {
  const { isOpen = false, failures = [], answers, ...rest } = said;
  const bytesIn = said.body?.schema === null;
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

/** A body in JSON. */
export function jsonBody(schema: z.ZodType, examples: Examples, required = true): BodyDescription {
  return { type: 'application/json', schema, required, examples };
}

/** The one answer of most calls. */
export function answered(description: string, schema: z.ZodType): Readonly<Record<200, AnswerDescription>> {
  return { 200: jsonAnswer(description, schema) };
}
