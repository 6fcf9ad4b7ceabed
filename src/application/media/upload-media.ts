import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { AdmissionFailure, MediaOrder } from './admit.ts';
import type { Admission, Ingest, IngestFailure, WriterOf } from './ingest.ts';
import type { UploadSlots } from './upload-slots.ts';

export type UploadMediaFailure =
  | AdmissionFailure
  | IngestFailure
  | 'body-too-short'
  | 'body-too-long'
  | 'body-cut-off'
  | 'body-too-slow'
  | 'digest-mismatch'
  | 'format-refused';

/** An item to upload. */
export type UploadOrder = MediaOrder & {
  /** A new one if omitted. */
  readonly id?: MediaId;
  /** The SHA-256 digests that the client sent, in lower-case hex; all must match. */
  readonly sha256?: readonly string[];
  /** What happens in the transaction that admits the item by `admit`; nothing else if omitted. */
  readonly admission?: (tx: Transaction, admit: () => Promise<void>) => Promise<void>;
};

interface Dependencies {
  readonly ingest: Ingest;
  readonly uploadSlots: UploadSlots;
}

/** Stores a request body as a new media item. */
export class UploadMedia {
  readonly #ingest: Ingest;
  readonly #slots: UploadSlots;

  constructor({ ingest, uploadSlots }: Dependencies) {
    this.#ingest = ingest;
    this.#slots = uploadSlots;
  }

  /**
   * Calls `openBody` once the item is admitted. Resolves when the bytes are durable and the item is
   * listed. After it settles, nothing is in progress any more. Bytes that do not match the digests
   * are never visible.
   *
   * @throws `unavailable` when the upload slots of this process, of the pool, of the user or of
   *   the tenant are in use
   */
  async run(caller: Caller, order: UploadOrder, openBody: () => ByteSource, signal: AbortSignal): Promise<MediaId> {
    const release = this.#slots.acquire(caller, order.pool);
    try {
      return await this.#store(caller, order, openBody, signal);
    } finally {
      release();
    }
  }

  async #store(
    caller: Caller,
    { sha256 = [], id = this.#ingest.newId(), admission = async (_tx, admit) => admit(), ...order }: UploadOrder,
    openBody: () => ByteSource,
    signal: AbortSignal,
  ): Promise<MediaId> {
    const writer: WriterOf = ({ size, readOnly }, store, blob, inspect) => {
      const writer = store.writer(blob, size, { writable: !readOnly });
      const inspection = inspect();
      return {
        writeBytes: async (stop) => {
          const sha256OfBody = await writer.write(inspection.through(openBody()), stop);
          if (sha256.some((expected) => expected !== sha256OfBody)) throw new DomainError('digest-mismatch');
          return inspection.facts();
        },
        commit: () => writer.commit(),
        cancel: () => writer.cancel(),
      };
    };
    const admitAll: Admission = async (tx, admit) => admission(tx, async () => admit({ ...order, id }));
    await this.#ingest.run(caller, { ids: [id], state: 'uploading', admission: admitAll, writer }, signal);
    return id;
  }
}
