import type { Caller } from '../../domain/access/caller.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { inspectImage } from '../../domain/media/formats/inspect-image.ts';
import { DEFAULT_MEDIA_TYPE } from '../../domain/media/media.ts';
import type { AdmissionFailure, MediaOrder } from './admit.ts';
import type { Ingest, IngestFailure } from './ingest.ts';

/** The head and tail of an item that reads as zeros: they identify no format. */
const NO_BYTES = new Uint8Array();

/** An item to create. It is writable, and a disk unless `type` says otherwise. */
export type CreateOrder = Omit<MediaOrder, 'readOnly' | 'type'> & { readonly type?: string | undefined };

export type CreateMediaFailure = AdmissionFailure | IngestFailure;

/** Creates a media item that reads as zeros. Takes the same time for every size. */
export class CreateMedia {
  readonly #ingest: Ingest;

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
  }

  /** Resolves when the item is durable and listed. */
  async run(caller: Caller, order: CreateOrder, signal: AbortSignal): Promise<MediaId> {
    return this.#ingest.run(
      caller,
      { ...order, type: order.type ?? DEFAULT_MEDIA_TYPE, readOnly: false },
      'creating',
      (store, blob) => ({
        writeBytes: async () => Promise.resolve(inspectImage(NO_BYTES, NO_BYTES, order.size)),
        commit: () => store.allocate(blob, order.size, true),
        cancel: () => Promise.resolve(),
      }),
      signal,
    );
  }
}
