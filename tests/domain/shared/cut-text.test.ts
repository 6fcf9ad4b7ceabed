import { cutText } from '../../../src/domain/shared/cut-text.ts';

describe('cutText', () => {
  it('leaves what fits as it is', () => {
    expect(cutText('ä'.repeat(5), 10)).toBe('ä'.repeat(5));
    expect(cutText('', 10)).toBe('');
  });

  it('cuts what does not fit, says so, and cuts no character in two', () => {
    expect(cutText('a'.repeat(11), 10)).toBe('aaaaaaa…');
    expect(cutText('ä'.repeat(6), 10)).toBe('äää…');
    expect(Buffer.byteLength(cutText('😀'.repeat(1000), 1024))).toBeLessThanOrEqual(1024);
  });
});
