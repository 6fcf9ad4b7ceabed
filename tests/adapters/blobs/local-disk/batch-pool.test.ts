import { BATCH_BYTES, BatchPool } from '../../../../src/adapters/blobs/local-disk/batch-pool.ts';

describe('BatchPool', () => {
  function use(pool: BatchPool, count: number): Set<SharedArrayBuffer> {
    const batches = Array.from({ length: count }, () => pool.acquire());
    for (const batch of batches) pool.release(batch);
    return new Set(batches);
  }

  it('reuses every batch, however many writers there are', () => {
    const pool = new BatchPool();
    const first = use(pool, 100);
    expect([first.size, [...first].every(({ byteLength }) => byteLength === BATCH_BYTES)]).toEqual([100, true]);
    for (let time = 0; time < 3; time += 1) expect(use(pool, 100)).toEqual(first);
    expect(pool.spare).toBe(100);
  });

  it('drops those that were not needed for a while', () => {
    const pool = new BatchPool();
    use(pool, 100);
    pool.trim();
    use(pool, 30);
    pool.trim();
    expect(pool.spare).toBe(30);
    pool.trim();
    expect(pool.spare).toBe(0);
  });
});
