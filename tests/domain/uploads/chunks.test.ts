import { chunkAt, chunkCount } from '../../../src/domain/uploads/chunks.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';

describe('chunks', () => {
  it('gives the remainder to the last chunk', () => {
    expect(chunkCount(bytes(10), bytes(4))).toBe(2);
    expect(chunkAt(bytes(10), bytes(4), 0)).toEqual({ number: 0, from: 0, to: 4 });
    expect(chunkAt(bytes(10), bytes(4), 1)).toEqual({ number: 1, from: 4, to: 10 });
    expect(chunkAt(bytes(10), bytes(4), 2)).toBeNull();
  });

  it('has one chunk where the size is not larger than a chunk', () => {
    expect(chunkAt(bytes(3), bytes(4), 0)).toEqual({ number: 0, from: 0, to: 3 });
    expect(chunkAt(bytes(0), bytes(4), 0)).toEqual({ number: 0, from: 0, to: 0 });
    expect(chunkAt(bytes(0), bytes(4), 1)).toBeNull();
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('has no chunk %p', (number) => {
    expect(chunkAt(bytes(10), bytes(4), number)).toBeNull();
  });
});
