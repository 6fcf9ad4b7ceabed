import type { Caller } from '../../domain/access/caller.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { inspectImage } from '../../domain/media/formats/inspect-image.ts';
import { DEFAULT_MEDIA_TYPE } from '../../domain/media/media.ts';
import type { AdmissionFailure, MediaOrder } from './admit.ts';
import type { Ingest, IngestFailure } from './ingest.ts';

/** Zeros have no beginning that says anything. */
const NOTHING = new Uint8Array();

/** Created media are writable; without a type they are a disk. */
export type CreateOrder = Omit<MediaOrder, 'readOnly' | 'type'> & { readonly type?: string | undefined };

export type CreateMediaFailure = AdmissionFailure | IngestFailure;

/** Makes new media that read as zeros, at once and whatever their size. */
export class CreateMedia {
  readonly #ingest: Ingest;

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
  }

  /** Resolves when the media are durable and listed. */
  async run(caller: Caller, order: CreateOrder, signal: AbortSignal): Promise<MediaId> {
    return this.#ingest.run(
      caller,
      { ...order, type: order.type ?? DEFAULT_MEDIA_TYPE, readOnly: false },
      'creating',
      (store, blob) => ({
        writeBytes: async () => Promise.resolve(inspectImage(NOTHING, NOTHING, order.size)),
        commit: () => store.allocate(blob, order.size, true),
        cancel: () => Promise.resolve(),
      }),
      signal,
    );
  }
}
