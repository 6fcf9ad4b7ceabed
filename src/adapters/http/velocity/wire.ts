import { z } from 'zod';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { isUuid, type GroupId, type MediaId, type PoolId, type UserId } from '../../../domain/shared/ids.ts';

/** A whole number from 0 to 2^53−1, or its decimal digits as a string (velocity.md, "Names on the wire"). */
const wholeNumber = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^[0-9]{1,16}$/, 'must be a whole number')
      .transform(Number),
  ])
  .refine(
    (value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0),
    'must be a whole number from 0 to 9007199254740991',
  );

export const uid = wholeNumber.transform((value) => value as UserId);
export const gid = wholeNumber.transform((value) => value as GroupId);
export const mpid = wholeNumber.transform((value) => value as PoolId);
export const byteCount = wholeNumber.transform((value): Bytes => bytes(value));

/** A string that is no UUID is an unknown id, not a malformed one: it becomes null. */
export const mid = z.string().transform((value) => (isUuid(value) ? (value.toLowerCase() as MediaId) : null));

/** What is wrong with a body, for a person: each field and its fault. */
export function faultsOf(error: z.ZodError): string {
  return error.issues.map((issue) => [issue.path.join('.') || 'body', issue.message].join(': ')).join('; ');
}
