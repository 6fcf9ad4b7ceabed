import { z } from 'zod';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';

const WHOLE_NUMBER = `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;

/** Schema of a whole number from 0 to 2^53−1, or of its decimal digits in a string. */
export const wholeNumber = z
  .union(
    [
      z.number().meta({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      z
        .string()
        .regex(/^[0-9]{1,16}$/, WHOLE_NUMBER)
        .transform(Number),
    ],
    { error: ({ input }) => (input === undefined ? 'is required' : WHOLE_NUMBER) },
  )
  .refine((value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0), WHOLE_NUMBER);

/** Schema of a number of bytes. */
export const byteCount = wholeNumber
  .meta({ description: 'A number of bytes.' })
  .transform((value): Bytes => bytes(value));
