import { CHUNK, BufferPool } from '../../../../src/adapters/blobs/local-disk/buffer-pool.ts';

describe('Memory that is read into again', () => {
  it('is what came back last, and nothing that is still out', () => {
    const chunks = new BufferPool();
    const [kept, first, last] = [chunks.acquire(), chunks.acquire(), chunks.acquire()];
    chunks.put(first);
    chunks.put(last);
    expect([chunks.acquire() === last, chunks.acquire() === first]).toEqual([true, true]);
    expect([kept, first, last]).not.toContain(chunks.acquire());
    expect(kept).toHaveLength(CHUNK);
  });

  it('goes to one reader only, however often it comes back', () => {
    const chunks = new BufferPool();
    const chunk = chunks.acquire();
    chunks.put(chunk);
    chunks.put(chunk);
    expect([chunks.acquire() === chunk, chunks.acquire() === chunk]).toEqual([true, false]);
  });

  it('is never what came from elsewhere', () => {
    const chunks = new BufferPool();
    const taken = chunks.acquire();
    const others = [Buffer.alloc(CHUNK), taken.subarray(1), taken.subarray(0)];
    for (const other of others) chunks.put(other);
    expect(others).not.toContain(chunks.acquire());
    chunks.put(taken);
    expect(chunks.acquire() === taken).toBe(true);
  });

  it('is let go where more comes back than is kept', () => {
    const chunks = new BufferPool();
    const taken = Array.from({ length: 20 }, () => chunks.acquire());
    for (const chunk of taken) chunks.put(chunk);
    const again = new Set(Array.from({ length: 20 }, () => chunks.acquire()));
    expect(taken.filter((chunk) => again.has(chunk))).toEqual(taken.slice(0, 16));
  });
});
