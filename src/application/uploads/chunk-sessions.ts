import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { Upload, UploadId } from '../../domain/uploads/upload.ts';
import type { BlobChunks } from '../ports/blob-chunks.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';

/** The bytes of an upload, in use by one request. */
export interface ChunkSession {
  readonly blob: BlobChunks;
  /** Ends the use. Call it once. */
  readonly end: () => void;
}

interface Kept {
  readonly blob: BlobChunks;
  readonly location: number;
  readonly chunkSize: Bytes;
  users: number;
}

interface Dependencies {
  readonly stores: BlobStores<BlobContent>;
  readonly maxIdle: number;
}

/**
 * Keeps the digests of chunked uploads between their requests, so that their bytes are not read
 * again. Of more than `maxIdle` the least recently used is forgotten.
 */
export class ChunkSessions {
  readonly #stores: BlobStores<BlobContent>;
  readonly #maxIdle: number;
  readonly #kept = new Map<UploadId, Kept>();

  constructor({ stores, maxIdle }: Dependencies) {
    this.#stores = stores;
    this.#maxIdle = maxIdle;
  }

  /**
   * Uses the bytes of an upload. Requests at once share them. `isBegun` says whether a chunk is
   * durable.
   */
  use(upload: Upload, chunkSize: Bytes, isBegun: boolean): ChunkSession {
    const found = this.#kept.get(upload.id);
    const fits = found?.location === upload.location && found.chunkSize === chunkSize;
    const kept = fits ? found : this.#open(upload, chunkSize, isBegun);
    if (found !== undefined && !fits) discardUnused(found);
    kept.users += 1;
    // The last one in the map is the most recently used.
    this.#kept.delete(upload.id);
    this.#kept.set(upload.id, kept);
    return {
      blob: kept.blob,
      end: () => {
        kept.users -= 1;
        if (this.#kept.get(upload.id) === kept) this.#forgetOldest();
        else discardUnused(kept);
      },
    };
  }

  /** Forgets what is known of an upload, once no request uses it. */
  forget(id: UploadId): void {
    const found = this.#kept.get(id);
    this.#kept.delete(id);
    if (found !== undefined) discardUnused(found);
  }

  #open({ id, pool, location, length }: Upload, chunkSize: Bytes, isBegun: boolean): Kept {
    const { chunked } = this.#stores.of(pool, location);
    return { blob: chunked.chunks(ownBlobOf(id), length, chunkSize, isBegun), location, chunkSize, users: 0 };
  }

  #forgetOldest(): void {
    const idle = [...this.#kept].filter(([, { users }]) => users === 0);
    for (const [id] of idle.slice(0, Math.max(0, idle.length - this.#maxIdle))) this.forget(id);
  }
}

/** The last user discards it otherwise. */
function discardUnused({ blob, users }: Kept): void {
  if (users === 0) void blob.discard();
}
