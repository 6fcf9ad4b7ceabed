import { releaseMemory } from '../../../src/adapters/shared/release-memory.ts';
import { until } from '../../support/waiting/until.ts';

const CHUNK_BYTES = 64 * 1024;

describe('releaseMemory', () => {
  it('frees a chunk that has its memory to itself', async () => {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const before = process.memoryUsage().arrayBuffers;
    releaseMemory(chunk);
    expect(chunk.length).toBe(0);
    await until('it is freed', () => before - process.memoryUsage().arrayBuffers >= CHUNK_BYTES);
  });

  it('leaves small chunks and parts of others alone', () => {
    const whole = Buffer.alloc(CHUNK_BYTES, 1);
    const chunks = [Buffer.from('small'), Buffer.alloc(1000, 1), whole.subarray(1), whole.subarray(0, -1)];
    const lengths = chunks.map(({ length }) => length);
    for (const chunk of chunks) releaseMemory(chunk);
    expect(chunks.map(({ length }) => length)).toEqual(lengths);
    expect(whole.every((byte) => byte === 1)).toBe(true);
  });
});
