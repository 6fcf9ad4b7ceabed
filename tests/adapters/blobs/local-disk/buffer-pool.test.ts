import { CHUNK_BYTES, BufferPool } from '../../../../src/adapters/blobs/local-disk/buffer-pool.ts';

describe('BufferPool', () => {
  it('hands out the chunk that was released last, and none that is in use', () => {
    const chunks = new BufferPool();
    const [inUse, first, last] = [chunks.acquire(), chunks.acquire(), chunks.acquire()];
    chunks.release(first);
    chunks.release(last);
    expect([chunks.acquire() === last, chunks.acquire() === first]).toEqual([true, true]);
    expect([inUse, first, last]).not.toContain(chunks.acquire());
    expect(inUse).toHaveLength(CHUNK_BYTES);
  });

  it('hands a chunk out once, however often it is released', () => {
    const chunks = new BufferPool();
    const chunk = chunks.acquire();
    chunks.release(chunk);
    chunks.release(chunk);
    expect([chunks.acquire() === chunk, chunks.acquire() === chunk]).toEqual([true, false]);
  });

  it('ignores chunks that it did not hand out', () => {
    const chunks = new BufferPool();
    const acquired = chunks.acquire();
    const others = [Buffer.alloc(CHUNK_BYTES), acquired.subarray(1), acquired.subarray(0)];
    for (const other of others) chunks.release(other);
    expect(others).not.toContain(chunks.acquire());
    chunks.release(acquired);
    expect(chunks.acquire() === acquired).toBe(true);
  });

  it('drops released chunks beyond its limit', () => {
    const chunks = new BufferPool();
    const acquired = Array.from({ length: 20 }, () => chunks.acquire());
    for (const chunk of acquired) chunks.release(chunk);
    const again = new Set(Array.from({ length: 20 }, () => chunks.acquire()));
    expect(acquired.filter((chunk) => again.has(chunk))).toEqual(acquired.slice(0, 16));
  });
});
