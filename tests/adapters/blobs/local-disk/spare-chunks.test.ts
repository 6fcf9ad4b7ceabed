import { CHUNK, SpareChunks } from '../../../../src/adapters/blobs/local-disk/spare-chunks.ts';

describe('Memory that is read into again', () => {
  it('is what came back last, and nothing that is still out', () => {
    const chunks = new SpareChunks();
    const [kept, first, last] = [chunks.take(), chunks.take(), chunks.take()];
    chunks.put(first);
    chunks.put(last);
    expect([chunks.take() === last, chunks.take() === first]).toEqual([true, true]);
    expect([kept, first, last]).not.toContain(chunks.take());
    expect(kept).toHaveLength(CHUNK);
  });

  it('goes to one reader only, however often it comes back', () => {
    const chunks = new SpareChunks();
    const chunk = chunks.take();
    chunks.put(chunk);
    chunks.put(chunk);
    expect([chunks.take() === chunk, chunks.take() === chunk]).toEqual([true, false]);
  });

  it('is never what came from elsewhere', () => {
    const chunks = new SpareChunks();
    const taken = chunks.take();
    const others = [Buffer.alloc(CHUNK), taken.subarray(1), taken.subarray(0)];
    for (const other of others) chunks.put(other);
    expect(others).not.toContain(chunks.take());
    chunks.put(taken);
    expect(chunks.take() === taken).toBe(true);
  });

  it('is let go where more comes back than is kept', () => {
    const chunks = new SpareChunks();
    const taken = Array.from({ length: 20 }, () => chunks.take());
    for (const chunk of taken) chunks.put(chunk);
    const again = new Set(Array.from({ length: 20 }, () => chunks.take()));
    expect(taken.filter((chunk) => again.has(chunk))).toEqual(taken.slice(0, 16));
  });
});
