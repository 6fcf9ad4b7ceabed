import { z } from 'zod';
import { isUuid, type GroupId, type MediaId, type PoolId, type UserId } from '../../../domain/shared/ids.ts';
import { wholeNumber } from '../shared/whole-number.ts';

export const uid = wholeNumber.meta({ description: 'A user.' }).transform((value) => value as UserId);
export const gid = wholeNumber.meta({ description: 'A group; 0 is the root.' }).transform((value) => value as GroupId);
export const mpid = wholeNumber.meta({ description: 'A pool.' }).transform((value) => value as PoolId);

/** A name, as the document describes it; `domain/shared/name.ts` has the rules. */
export const name = z.string().meta({
  minLength: 1,
  maxLength: 255,
  description: '1 to 255 bytes in UTF-8, without control characters.',
});

/**
 * The id of a media item. A string that is not a UUID is an unknown id, not a malformed one: it
 * becomes null.
 */
export const mid = z
  .string()
  .meta({ description: 'A media item, by its UUID.' })
  .transform((value) => (isUuid(value) ? (value.toLowerCase() as MediaId) : null));

/** A whole number in an answer. */
export const numberResponse = z.int().min(0);

/** An answer without fields. */
export const emptyResponse = z.object({});

/** Returns the message for the faults of a body: each field and its fault. */
export function faultsOf(error: z.ZodError): string {
  return error.issues.map((issue) => [issue.path.join('.') || 'body', issue.message].join(': ')).join('; ');
}
