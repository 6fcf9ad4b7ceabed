declare const unit: unique symbol;

/** A number of bytes: a whole number from 0 to 2^53−1, so that arithmetic and JSON are exact. */
export type Bytes = number & { readonly [unit]: 'bytes' };

/** The largest number of bytes, 2^53−1. */
export const MAX_BYTES = Number.MAX_SAFE_INTEGER as Bytes;

/** Returns whether `value` is a number of bytes. */
export function isBytes(value: number): value is Bytes {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * Returns `value` as a number of bytes. Input from outside must be checked before.
 *
 * @throws RangeError when it is none
 */
export function bytes(value: number): Bytes {
  if (!isBytes(value)) throw new RangeError(`not a number of bytes: ${String(value)}`);
  return value;
}
