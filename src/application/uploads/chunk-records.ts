import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkLeaseId, RecordedChunk } from '../ports/chunk-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The chunks of one upload that one transaction records. */
interface Group {
  readonly chunks: (readonly [ChunkLeaseId, Chunk])[];
  /** In their order. */
  readonly recorded: Promise<readonly (RecordedChunk | null)[]>;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly expirySeconds: number;
}

/**
 * Records chunks that are durable. Those of one upload that wait for an earlier record share the
 * next transaction: each record locks the upload, so alone they would wait for a commit each.
 */
export class ChunkRecords {
  readonly #work: UnitOfWork;
  readonly #expirySeconds: number;
  /** The groups that still grow. */
  readonly #growing = new Map<UploadId, Group>();
  /** The latest record of each upload; resolves however it ends. */
  readonly #latest = new Map<UploadId, Promise<void>>();

  constructor({ work, expirySeconds }: Dependencies) {
    this.#work = work;
    this.#expirySeconds = expirySeconds;
  }

  /** As `ChunkRepository.record`, in a transaction. Rejects as that does. */
  async record(lease: ChunkLeaseId, upload: UploadId, chunk: Chunk): Promise<RecordedChunk | null> {
    const { chunks, recorded } = this.#growing.get(upload) ?? this.#begin(upload);
    const at = chunks.push([lease, chunk]) - 1;
    return (await recorded)[at] ?? null;
  }

  #begin(upload: UploadId): Group {
    const chunks: Group['chunks'] = [];
    const earlier = this.#latest.get(upload) ?? Promise.resolve();
    const recorded = earlier.then(async () => {
      this.#growing.delete(upload);
      return this.#record(upload, chunks);
    });
    const group = { chunks, recorded };
    this.#growing.set(upload, group);
    const ended = (): void => {
      if (this.#latest.get(upload) === latest) this.#latest.delete(upload);
    };
    const latest = recorded.then(ended, ended);
    this.#latest.set(upload, latest);
    return group;
  }

  async #record(upload: UploadId, chunks: Group['chunks']): Promise<readonly (RecordedChunk | null)[]> {
    return this.#work.run(async (tx) =>
      Promise.all(chunks.map(async ([lease, chunk]) => tx.chunks.record(lease, upload, chunk, this.#expirySeconds))),
    );
  }
}
