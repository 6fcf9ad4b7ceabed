import fc from 'fast-check';
import { ChunkLayout } from '../../../src/adapters/blobs/s3/chunk-layout.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';

const MIB = 1024 * 1024;

/** Returns what is wrong with the pieces of all chunks. */
function faultsOf(layout: ChunkLayout, length: number, memory: number): readonly string[] {
  const faults: string[] = [];
  let [at, part] = [0, 0];
  for (const { from, to, part: number } of layout.between(0, length)) {
    if (from !== at) faults.push(`a gap at ${at}`);
    if (to - from > memory) faults.push(`a piece of ${to - from} bytes`);
    if (layout.areParts && number !== part + 1) faults.push(`part ${number} after ${part}`);
    if (layout.areParts && to < length && to - from < 5 * MIB) faults.push(`a part of ${to - from} bytes`);
    [at, part] = [to, number];
  }
  if (at !== length) faults.push(`an end at ${at}`);
  return part > 10_000 ? [...faults, `${part} parts`] : faults;
}

describe('The layout of chunks', () => {
  it('covers every byte once, in parts that S3 allows and that fit into memory', () => {
    const sizes = fc.record({
      length: fc.integer({ min: 1, max: 40 * 1024 ** 3 }),
      chunkSize: fc.integer({ min: 5 * MIB, max: 1024 ** 3 }),
      memory: fc.integer({ min: 5 * MIB, max: 64 * MIB }),
    });
    fc.assert(
      fc.property(sizes, ({ length, chunkSize, memory }) => {
        expect(faultsOf(new ChunkLayout(bytes(length), bytes(chunkSize), memory), length, memory)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [100, 5, true],
    [100, 4, false],
    [60_000, 5, false],
    [60_000, 6, true],
  ])('has parts for %i MiB in chunks of %i MiB: %s', (length, chunkSize, areParts) => {
    const layout = new ChunkLayout(bytes(length * MIB), bytes(chunkSize * MIB), 256 * MIB);
    expect(layout.areParts).toBe(areParts);
  });
});
