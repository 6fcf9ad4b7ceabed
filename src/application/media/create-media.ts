import type { Caller } from '../../domain/access/caller.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { DEFAULT_MEDIA_TYPE } from '../../domain/media/media.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { AdmissionFailure, MediaOrder } from './admit.ts';
import type { Admission, Ingest, IngestFailure } from './ingest.ts';
import { zeroWriter } from './zero-writer.ts';

/** An item to create. It is writable, and a disk unless `type` says otherwise. */
export type CreateOrder = Omit<MediaOrder, 'readOnly' | 'type'> & { readonly type?: string | undefined };

export type CreateMediaFailure = AdmissionFailure | IngestFailure;

/** Creates a media item that reads as zeros. Takes the same time for every size. */
export class CreateMedia {
  readonly #ingest: Ingest;

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
  }

  /**
   * Resolves when the item is durable and listed. `finished` runs last in the transaction that
   * lists it.
   */
  async run(
    caller: Caller,
    order: CreateOrder,
    signal: AbortSignal,
    finished?: (tx: Transaction, id: MediaId) => Promise<void>,
  ): Promise<MediaId> {
    const id = this.#ingest.newId();
    const item = { ...order, id, type: order.type ?? DEFAULT_MEDIA_TYPE, readOnly: false };
    const admission: Admission = async (_tx, admit) => admit(item);
    const plan = { ids: [id], state: 'creating', admission, writer: zeroWriter } as const;
    await this.#ingest.run(caller, { ...plan, finished: async (tx) => finished?.(tx, id) }, signal);
    return id;
  }
}
