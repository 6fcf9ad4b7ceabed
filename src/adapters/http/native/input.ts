import type { Request } from 'express';
import { z } from 'zod';
import { wholeNumber } from '../shared/whole-number.ts';
import { faultMessage } from '../shared/fault-messages.ts';
import { RequestError, type Fault } from '../shared/request-error.ts';

/**
 * Parses the JSON body of a request. Use strict objects: an unknown field is a fault.
 *
 * @throws RequestError `malformed` with every fault
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, { body }: Request): z.output<Schema> {
  return parse(schema, body);
}

/**
 * Parses the query of a request; a parameter that is there twice is a list. Use strict objects.
 *
 * @throws RequestError `malformed` with every fault
 */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, { query }: Request): z.output<Schema> {
  return parse(schema, query);
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value, { error: faultMessage });
  if (!parsed.success) throw new RequestError('malformed', parsed.error.issues.flatMap(faultsOf));
  return parsed.data;
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ message: `${key} is unknown`, point: key }));
  }
  const path = issue.path.map(String);
  return [{ message: [...path, issue.message].join(' '), point: path[0] ?? null }];
}

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** The number of a group or a pool in a query or a body. */
export const idNumber = wholeNumber.meta({ description: 'An id.' });

/** A text to search for: PostgreSQL stores no NUL. */
export const searchText = z
  .string()
  .max(255)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed text without NUL');

/** A SHA-256 in hex, in either case. */
export const digestField = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be a SHA-256 in hex')
  .transform((digest) => digest.toLowerCase());

/** A name; the domain checks it. */
export const nameField = z
  .string()
  .meta({ minLength: 1, maxLength: 255, description: '1 to 255 bytes in UTF-8, without control characters.' });
