import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { NativeClient } from '../acceptance/native/native-client.ts';
import { logIn } from '../support/http/client.ts';
import { LongContent, FileServer } from '../support/sources/file-server.ts';
import type { Platter } from '../support/program/platter.ts';
import { until } from '../support/waiting/until.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { timeoutMs, times } from './repetitions.ts';

const MIB = 1024 * 1024;
const LENGTH = times('PLATTER_IMPORT_MIB', 1024, 10 * 1024) * MIB;
/** What may be fetched twice: at most 64 MiB for each kill, and what was in the sockets. */
const MAX_FETCHED = LENGTH * 1.15;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly media: string;
  readonly failure: string | null;
}

describe('An import', () => {
  let source: FileServer;
  let replicas: Replicas;
  beforeAll(async () => {
    source = await FileServer.open();
    replicas = await startReplicas({ env: { ...source.settings, PLATTER_SHUTDOWN_GRACE: '1' } });
  });
  afterAll(async () => {
    await replicas.stop();
    await source.close();
  });

  it(
    'is whole after a source that breaks off every tenth, two kills, and two takeovers by another replica',
    async () => {
      const [first, second] = replicas.platters;
      const content = new LongContent(LENGTH);
      const url = source.serve('/disk.img', content, { breaksEvery: Math.ceil(LENGTH / 10) });
      // The only replica that runs is the one that imports.
      await second.kill('SIGKILL');
      const order = { url, group: 0, name: 'disk', type: 'DISK', read_only: true };
      const { id, media } = await (await clientOf(first)).ask<Job>('POST /imports', order);
      await until('a third is fetched', () => source.sent > LENGTH / 3);
      await first.kill('SIGKILL');
      await second.restart();
      await until('two thirds are fetched', () => source.sent > (LENGTH * 2) / 3);
      await second.kill('SIGKILL');
      await first.restart();
      const client = await clientOf(first);
      const job = await until('the import ends', async () => {
        const found = await client.ask<Job>(`GET /jobs/${id}`);
        return found.state === 'running' ? null : found;
      });
      expect(job).toMatchObject({ state: 'done', failure: null, media });
      expect(source.sent).toBeGreaterThanOrEqual(LENGTH);
      expect(source.sent).toBeLessThanOrEqual(MAX_FETCHED);
      expect(source.requests.length).toBeGreaterThanOrEqual(10);
      expect(await digestOf(client, media)).toBe(content.digest());
      expect((await client.call(`DELETE /media/${media}?permanent=true`)).status).toBeLessThan(300);
      await second.restart();
    },
    timeoutMs(LENGTH / MIB / 100),
  );
});

async function clientOf(platter: Platter): Promise<NativeClient> {
  return NativeClient.by(await logIn(platter.url));
}

/** Returns the SHA-256 of an item as its readers get it. */
async function digestOf({ url, headers }: NativeClient, media: string): Promise<string> {
  const { body } = await fetch(`${url}/v1/media/${media}/content`, { headers: headers as Record<string, string> });
  const hash = createHash('sha256');
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), hash);
  return hash.digest('hex');
}
