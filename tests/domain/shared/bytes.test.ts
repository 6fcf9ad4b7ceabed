import fc from 'fast-check';
import { bytes, isBytes, MAX_BYTES } from '../../../src/domain/shared/bytes.ts';

describe('bytes', () => {
  it('accepts the whole numbers from 0 to 2^53-1', () => {
    expect(MAX_BYTES).toBe(2 ** 53 - 1);
    fc.assert(fc.property(fc.maxSafeNat(), (value) => bytes(value) === value));
    for (const value of [0, 1, MAX_BYTES]) expect(bytes(value)).toBe(value);
  });

  it('throws for any other number', () => {
    const wrong = fc.oneof(
      fc.double().filter((value) => !Number.isInteger(value)),
      fc.integer({ max: -1 }),
      fc.constantFrom(2 ** 53, 2 ** 60, Infinity, -Infinity, NaN, -1, 0.5),
    );
    fc.assert(
      fc.property(wrong, (value) => {
        expect(isBytes(value)).toBe(false);
        expect(() => bytes(value)).toThrow(RangeError);
      }),
    );
  });
});
