declare const unit: unique symbol;

/** A number of bytes: a whole number from 0 to 2^53−1, so that arithmetic and JSON stay exact. */
export type Bytes = number & { readonly [unit]: 'bytes' };

/** The most that anything here can hold or count, 2^53−1 bytes. */
export const MAX_BYTES = Number.MAX_SAFE_INTEGER as Bytes;

/** Whether `value` is a number of bytes that can be counted exactly. */
export function isBytes(value: number): value is Bytes {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * `value` as bytes. Throws a RangeError, since whoever calls it has checked what came from outside.
 */
export function bytes(value: number): Bytes {
  if (!isBytes(value)) throw new RangeError(`not a number of bytes: ${String(value)}`);
  return value;
}
