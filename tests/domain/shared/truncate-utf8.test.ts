import fc from 'fast-check';
import { abbreviate, truncateUtf8, utf8Length } from '../../../src/domain/shared/truncate-utf8.ts';

describe('truncateUtf8', () => {
  it('returns the longest beginning that fits, in whole characters', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.nat(40), (whole, maxBytes) => {
        const truncated = truncateUtf8(whole, maxBytes);
        const [next = ''] = whole.slice(truncated.length);
        expect(whole.startsWith(truncated)).toBe(true);
        expect(truncated.isWellFormed()).toBe(true);
        expect(utf8Length(truncated)).toBeLessThanOrEqual(maxBytes);
        if (next !== '') expect(utf8Length(truncated + next)).toBeGreaterThan(maxBytes);
      }),
    );
  });

  it('returns nothing if there is no room', () => {
    expect(truncateUtf8('a', 0)).toBe('');
    expect(truncateUtf8('a', -1)).toBe('');
  });
});

describe('abbreviate', () => {
  it('returns a text that fits unchanged', () => {
    expect(abbreviate('ä'.repeat(5), 10)).toBe('ä'.repeat(5));
    expect(abbreviate('', 10)).toBe('');
  });

  it('ends a text that does not fit with an ellipsis, after a whole character', () => {
    expect(abbreviate('a'.repeat(11), 10)).toBe('aaaaaaa…');
    expect(abbreviate('ä'.repeat(6), 10)).toBe('äää…');
    expect(Buffer.byteLength(abbreviate('😀'.repeat(1000), 1024))).toBeLessThanOrEqual(1024);
  });
});
