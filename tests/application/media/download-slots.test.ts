import { DownloadSlots } from '../../../src/application/media/download-slots.ts';
import type { BlobBytes } from '../../../src/application/ports/blob-store.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { TenantId } from '../../../src/domain/access/tenant.ts';
import type { UserId, UserUuid } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { recordMetrics } from '../../support/fixtures/recorded-metrics.ts';

const ORIGIN = { channel: 'velocity', address: null, request: null } as const;
const TURNED_AWAY = { code: 'unavailable', detail: { retryAfterSeconds: expect.any(Number) as number } };

function caller(tenant: number, origin: Caller['origin'] = ORIGIN): Caller {
  return { id: tenant as UserId, uuid: '' as UserUuid, name: '', tenant: tenant as TenantId, origin };
}

const source = async (): Promise<BlobBytes> => Promise.resolve(sourceOf(patterned(10)));

describe('DownloadSlots', () => {
  it('counts a download until it was read to its end, was abandoned, failed or was aborted', async () => {
    const { metrics, recorded } = recordMetrics();
    const slots = new DownloadSlots(4, metrics);
    const client = new AbortController();
    const failing = async (): Promise<BlobBytes> =>
      Promise.resolve({ [Symbol.asyncIterator]: () => ({ next: async () => Promise.reject(new Error('broken')) }) });
    const ways: (() => Promise<unknown>)[] = [
      async () => {
        for await (const chunk of await slots.open(caller(1), NEVER, source)) expect(chunk.length).toBeGreaterThan(0);
      },
      async () => (await slots.open(caller(1), NEVER, source))[Symbol.asyncIterator]().return?.(),
      async () => {
        const iterator = (await slots.open(caller(1), NEVER, failing))[Symbol.asyncIterator]();
        await expect(iterator.next()).rejects.toThrow('broken');
      },
      async () => expect(slots.open(caller(1), NEVER, async () => Promise.reject(new Error('gone')))).rejects.toThrow(),
      async () => {
        await slots.open(caller(1), client.signal, source);
        client.abort(new Error('the client went away'));
      },
    ];
    for (const end of ways) {
      recorded.length = 0;
      await end();
      expect(recorded).toEqual(['download begun', 'download ended']);
    }
  });

  it('limits a tenant to its share, and does not count reads of the program itself', async () => {
    const { metrics, recorded } = recordMetrics();
    const slots = new DownloadSlots(4, metrics);
    await slots.open(caller(1), NEVER, source);
    await expect(slots.open(caller(1), NEVER, source)).rejects.toMatchObject(TURNED_AWAY);
    await slots.open(caller(2), NEVER, source);
    await slots.open({ ...caller(1), origin: undefined }, NEVER, source);
    expect(recorded).toEqual(['download begun', 'download turned away', 'download begun']);
  });
});
