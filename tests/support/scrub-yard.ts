import { NodeDigests } from '../../src/adapters/digests/node-digests.ts';
import { PostgresTurns } from '../../src/adapters/postgres/turns.ts';
import type { BlobStores } from '../../src/application/ports/blob-store.ts';
import type { Pace } from '../../src/application/ports/pace.ts';
import { LookAtBytes } from '../../src/application/scrub/look-at-bytes.ts';
import { ScrubDepot, type Scrubbing, type ScrubTerms } from '../../src/application/scrub/scrub-depot.ts';
import type { Verdict } from '../../src/application/scrub/verdict.ts';
import type { MediaId, PoolId } from '../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from './byte-sources.ts';
import { withPoolInS3 } from './pool-in-s3.ts';
import { rowsOf } from './postgres.ts';
import { startReplica, type Replica } from './replica.ts';
import type { TestBucket } from './s3.ts';
import { ONE, openYard, orderOf, type Yard } from './yard.ts';

export const SIZE = 1000;
export const CONTENT = patterned(SIZE);

export interface ScrubOrder extends Partial<ScrubTerms> {
  readonly pace?: Pace;
  readonly stores?: BlobStores;
  readonly signal?: AbortSignal;
}

/** A yard whose pool TWO lies in S3, where bytes are read again. */
export interface ScrubYard {
  readonly yard: Yard;
  readonly bucket: TestBucket;
  readonly stores: BlobStores;
  readonly replica: Replica;
  /**
   * Read-only media, unless they are to be writable, of `CONTENT`, unless they are to be of others.
   */
  upload(pool?: PoolId, wanted?: { readonly readOnly?: boolean; readonly content?: Buffer }): Promise<MediaId>;
  /** Reads everything again, unless it is told otherwise. */
  scrub(order?: ScrubOrder): Promise<Scrubbing & { readonly verdicts: readonly Verdict[] }>;
  /** What is marked, and as what. */
  marks(): Promise<Readonly<Record<string, string>>>;
}

/** `wayTo` is as in `withPoolInS3`. */
export async function openScrubYard(wayTo?: (endpoint: string) => Promise<string>): Promise<ScrubYard> {
  const yard = await openYard();
  const { bucket, stores } = await withPoolInS3(yard, wayTo);
  const replica = startReplica(yard, { stores });
  return {
    yard,
    bucket,
    stores,
    replica,
    upload: async (pool = ONE, { readOnly = true, content = CONTENT } = {}) => {
      const order = { ...orderOf(yard, content.length), pool, readOnly };
      return replica.upload.run(yard.root, order, () => sourceOf(content), NEVER);
    },
    scrub: async ({ pace = FREE, stores: through = stores, signal = NEVER, ...wanted } = {}) => {
      const verdicts: Verdict[] = [];
      const look = new LookAtBytes(new NodeDigests(), pace);
      const depot = new ScrubDepot(yard.work, through, yard.pools, new PostgresTurns(yard.depot.pool), look);
      const terms = { pool: null, olderThanSeconds: 0, markedOnly: false, ...wanted };
      const scrubbing = await depot.run(
        terms,
        async (verdict) => {
          verdicts.push(verdict);
          return Promise.resolve();
        },
        signal,
      );
      return { ...scrubbing, verdicts };
    },
    marks: async () => {
      const found = await rowsOf(yard.depot.url, 'select id, damage from blobs where damage is not null');
      return Object.fromEntries(found.map(({ id, damage }) => [String(id), String(damage)]));
    },
  };
}

const FREE: Pace = { take: async () => Promise.resolve() };
