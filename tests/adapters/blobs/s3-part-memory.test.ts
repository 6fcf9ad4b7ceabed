import { PartMemory, type PartHolder } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { MAX_OBJECT_BYTES, MAX_PARTS, partSizeFor, requireParts } from '../../../src/adapters/blobs/s3/part-sizes.ts';
import { bytes, type Bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER } from '../../support/files/byte-sources.ts';

const MIB = 1024 * 1024;
const LOCATION = {};

/** Resolves when all granted requests have resolved. */
async function drained(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('The memory for parts', () => {
  const holder = (): PartHolder => ({ location: LOCATION, heldBytes: 0 });

  /** Requests memory and returns the names of the served requests, in their order. */
  function queue(memory: PartMemory, ...asking: readonly [string, PartHolder, number][]): string[] {
    const served: string[] = [];
    for (const [name, who, size] of asking) void memory.acquire(who, size, NEVER).then(() => served.push(name));
    return served;
  }

  it('hands out no more than its limit', async () => {
    const memory = new PartMemory(10);
    const first = holder();
    const buffer = await memory.acquire(first, 6, NEVER);
    const served = queue(memory, ['second', holder(), 5]);
    await drained();
    expect(served).toEqual([]);
    memory.release(first, 6, buffer);
    await drained();
    expect(served).toEqual(['second']);
  });

  it('serves uploads that hold nothing first, then in the order of requests', async () => {
    const memory = new PartMemory(10);
    const [greedy, other] = [holder(), holder()];
    const buffers = [await memory.acquire(greedy, 5, NEVER), await memory.acquire(greedy, 5, NEVER)];
    const served = queue(memory, ['more', greedy, 5], ['large', other, 10], ['small', holder(), 1]);
    memory.release(greedy, 5, buffers[0]!);
    await drained();
    expect(served).toEqual([]);
    memory.release(greedy, 5, buffers[1]!);
    await drained();
    expect(served).toEqual(['more']);
  });

  it('removes an aborted request from the queue', async () => {
    const memory = new PartMemory(10);
    const first = holder();
    await memory.acquire(first, 6, NEVER);
    const stop = new AbortController();
    const reason = new Error('the client went away');
    const given = memory.acquire(holder(), 8, stop.signal);
    const served = queue(memory, ['third', holder(), 4]);
    stop.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(served).toEqual(['third']);
    await expect(memory.acquire(holder(), 1, stop.signal)).rejects.toBe(reason);
  });

  it('reuses buffers while memory is in use', async () => {
    const memory = new PartMemory(30 * MIB);
    const [one, two] = [holder(), holder()];
    await memory.acquire(one, 8 * MIB, NEVER);
    const buffer = await memory.acquire(two, 8 * MIB, NEVER);
    memory.release(two, 8 * MIB, buffer);
    expect(await memory.acquire(two, 8 * MIB, NEVER)).toBe(buffer);
  });

  it('drops a buffer that must not be reused, and no longer counts it', async () => {
    const memory = new PartMemory(8 * MIB);
    const [one, two] = [holder(), holder()];
    const buffer = await memory.acquire(one, 8 * MIB, NEVER);
    const next = memory.acquire(two, 8 * MIB, NEVER);
    memory.release(one, 8 * MIB, null);
    expect(await next).not.toBe(buffer);
  });

  it('counts waiting uploads, however many parts each waits for', async () => {
    const memory = new PartMemory(10);
    const [holding, one, other] = [holder(), holder(), holder()];
    const { signal } = new AbortController();
    const buffer = await memory.acquire(holding, 10, signal);
    expect(memory.waiting).toBe(0);
    const waiting = [one, one, other].map(async (holder) => memory.acquire(holder, 5, signal));
    expect(memory.waiting).toBe(2);
    memory.release(holding, 10, buffer);
    memory.release(one, 5, await waiting[0]!);
    await Promise.all(waiting);
    expect(memory.waiting).toBe(0);
  });

  it('keeps a quarter from any one of several locations, and lets the others overtake it', async () => {
    const memory = new PartMemory(8, 2);
    const location = {};
    const to = (): PartHolder => ({ location, heldBytes: 0 });
    const stuck = [to(), to(), to(), to()];
    const buffers = await Promise.all(stuck.slice(0, 3).map(async (one) => memory.acquire(one, 2, NEVER)));
    const served = queue(memory, ['stuck', stuck[3]!, 2], ['smaller', to(), 1], ['other', holder(), 2]);
    await drained();
    expect(served).toEqual(['other']);
    memory.release(stuck[0]!, 2, buffers[0]!);
    await drained();
    expect(served).toEqual(['other', 'stuck']);
  });

  it('grants a location that holds nothing one part of any size', async () => {
    const memory = new PartMemory(8, 2);
    expect((await memory.acquire(holder(), 8, NEVER)).byteLength).toBe(8);
  });
});

describe('The size of parts', () => {
  const memory = 256 * MIB;

  it.each([0, 1, 8 * MIB, 80_000 * MIB, 80_000 * MIB + 1, 2_560_000 * MIB])(
    'lets %i bytes be sent in as many parts as S3 takes',
    (size) => {
      const part = partSizeFor(bytes(size), memory);
      expect(part).toBeGreaterThanOrEqual(5 * MIB);
      expect(part).toBeLessThanOrEqual(memory);
      expect(Math.ceil(size / part)).toBeLessThanOrEqual(MAX_PARTS);
      requireParts(bytes(size), memory);
    },
  );

  it('is refused when the memory is too small for it, naming the setting', () => {
    const size = bytes(2_560_000 * MIB + 1);
    expect(deniedAttemptOf(size, memory)).toMatchObject({
      code: 'quota-exceeded',
      detail: { needed: size, left: null, limitedBy: 'backend', setting: 'PLATTER_S3_MEMORY' },
    });
  });

  it('is refused when the object is too large for S3, whatever the memory', () => {
    expect(deniedAttemptOf(bytes(MAX_OBJECT_BYTES), 600 * MIB)).toBeNull();
    expect(deniedAttemptOf(bytes(MAX_OBJECT_BYTES + 1), 600 * MIB)).toMatchObject({
      code: 'quota-exceeded',
      detail: { needed: MAX_OBJECT_BYTES + 1, left: null, limitedBy: 'backend' },
    });
  });
});

function deniedAttemptOf(size: Bytes, memory: number): unknown {
  try {
    requireParts(size, memory);
    return null;
  } catch (error) {
    return error;
  }
}
