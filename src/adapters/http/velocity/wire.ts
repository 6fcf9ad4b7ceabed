import { z } from 'zod';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { isUuid, type GroupId, type MediaId, type PoolId, type UserId } from '../../../domain/shared/ids.ts';
import { wholeNumber } from '../shared/whole-number.ts';

export const uid = wholeNumber.meta({ description: 'A user.' }).transform((value) => value as UserId);
export const gid = wholeNumber.meta({ description: 'A group; 0 is the root.' }).transform((value) => value as GroupId);
export const mpid = wholeNumber.meta({ description: 'A pool.' }).transform((value) => value as PoolId);
export const byteCount = wholeNumber
  .meta({ description: 'A number of bytes.' })
  .transform((value): Bytes => bytes(value));

/** A name, as clients are told of it; which ones there may be, `domain/shared/name.ts` decides. */
export const name = z.string().meta({
  minLength: 1,
  maxLength: 255,
  description: '1 to 255 bytes in UTF-8, without control characters.',
});

/** A string that is no UUID is an unknown id, not a malformed one: it becomes null. */
export const mid = z
  .string()
  .meta({ description: 'One piece of media, by its UUID.' })
  .transform((value) => (isUuid(value) ? (value.toLowerCase() as MediaId) : null));

/** Whole numbers in answers. */
export const numberResponse = z.int().min(0);

/** What is answered where there is nothing to say. */
export const emptyResponse = z.object({});

/** What is wrong with a body, for a person: each field and its fault. */
export function faultsOf(error: z.ZodError): string {
  return error.issues.map((issue) => [issue.path.join('.') || 'body', issue.message].join(': ')).join('; ');
}
