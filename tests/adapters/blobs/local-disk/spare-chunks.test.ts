import { CHUNK_BYTES, BufferPool } from '../../../../src/adapters/blobs/local-disk/buffer-pool.ts';

describe('Memory that is read into again', () => {
  it('is what came back last, and nothing that is still out', () => {
    const chunks = new BufferPool();
    const [kept, first, last] = [chunks.acquire(), chunks.acquire(), chunks.acquire()];
    chunks.release(first);
    chunks.release(last);
    expect([chunks.acquire() === last, chunks.acquire() === first]).toEqual([true, true]);
    expect([kept, first, last]).not.toContain(chunks.acquire());
    expect(kept).toHaveLength(CHUNK_BYTES);
  });

  it('goes to one reader only, however often it comes back', () => {
    const chunks = new BufferPool();
    const chunk = chunks.acquire();
    chunks.release(chunk);
    chunks.release(chunk);
    expect([chunks.acquire() === chunk, chunks.acquire() === chunk]).toEqual([true, false]);
  });

  it('is never what came from elsewhere', () => {
    const chunks = new BufferPool();
    const taken = chunks.acquire();
    const others = [Buffer.alloc(CHUNK_BYTES), taken.subarray(1), taken.subarray(0)];
    for (const other of others) chunks.release(other);
    expect(others).not.toContain(chunks.acquire());
    chunks.release(taken);
    expect(chunks.acquire() === taken).toBe(true);
  });

  it('is let go where more comes back than is kept', () => {
    const chunks = new BufferPool();
    const taken = Array.from({ length: 20 }, () => chunks.acquire());
    for (const chunk of taken) chunks.release(chunk);
    const again = new Set(Array.from({ length: 20 }, () => chunks.acquire()));
    expect(taken.filter((chunk) => again.has(chunk))).toEqual(taken.slice(0, 16));
  });
});
