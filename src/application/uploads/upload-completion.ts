import type { Caller } from '../../domain/access/caller.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Upload, UploadId } from '../../domain/uploads/upload.ts';
import type { InspectItemDependencies } from '../media/inspect-item.ts';
import type { Log } from '../ports/log.ts';
import type { ChunkSession, ChunkSessions } from './chunk-sessions.ts';
import { isRefusal } from './end-upload.ts';
import type { CompleteUpload, FinishUpload } from './finish-upload.ts';
import { inspectUpload } from './inspect-upload.ts';
import type { UploadLeases } from './upload-leases.ts';

/** Between two looks at an upload that another process finishes. */
const POLL_MS = 100;

interface Dependencies extends InspectItemDependencies {
  readonly chunkSessions: ChunkSessions;
  readonly uploadLeases: UploadLeases;
  readonly finishUpload: FinishUpload;
  readonly log: Log;
}

/** Finishes chunked uploads whose bytes are all durable. */
export class UploadCompletion {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Finishes an upload, and resolves when its item is ready. Goes on when `signal` aborts; another
   * process takes it over if this one fails.
   *
   * @throws DomainError the refusal with which the upload ended, or `upload-gone`
   * @throws the reason of the signal
   */
  async run(caller: Caller, upload: Upload, signal: AbortSignal): Promise<void> {
    const finished = this.#run(caller, upload);
    finished.catch(() => undefined);
    const ended = new AbortController();
    await Promise.race([finished, aborted(signal, ended.signal)]).finally(() => ended.abort());
    await this.wait(upload.id, signal);
  }

  /**
   * Resolves when an upload is not being verified any more.
   *
   * @throws DomainError `upload-gone` if it ended; the reason of the signal
   */
  async wait(id: UploadId, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const upload = await this.#dependencies.work.read(async (tx) => tx.chunks.find(id));
      if (upload === null || upload.state === 'ended') throw new DomainError('upload-gone');
      if (upload.state !== 'verifying') return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Opens the bytes of a complete upload, for the holder of its lease. */
  async open(upload: Upload): Promise<CompleteUpload> {
    const found = await this.#dependencies.work.read(async (tx) => tx.chunks.find(upload.id));
    // An upload without chunks has no bytes.
    const { blob, end } = this.#dependencies.chunkSessions.use(upload, found?.chunkSize ?? bytes(1), true);
    return this.#complete(upload, blob, end);
  }

  async #run(caller: Caller, upload: Upload): Promise<void> {
    try {
      const lease = await this.#dependencies.uploadLeases.acquire(upload.id);
      try {
        await this.#dependencies.finishUpload.run(lease, await this.open(lease.upload), caller);
      } finally {
        await lease.release();
      }
    } catch (error) {
      if (isRefusal(error)) throw error;
      this.#dependencies.log.warn({ media: upload.id, err: error }, 'an upload is not verified yet');
    }
  }

  #complete(upload: Upload, blob: ChunkSession['blob'], end: () => void): CompleteUpload {
    const inspection = inspectUpload(upload, this.#dependencies);
    return {
      upload,
      appender: {
        sha256: async (signal) => {
          await blob.assemble(signal);
          return blob.sha256(signal);
        },
        read: async (at, length) => blob.read(at, length),
        commit: async (writable) => blob.commit(writable),
        discard: async () => {
          end();
          this.#dependencies.chunkSessions.forget(upload.id);
          return Promise.resolve();
        },
      },
      inspection: {
        catchUp: async (read) => inspection.resume(upload.length, read),
        facts: async () => inspection.facts(),
      },
    };
  }
}

/** Rejects with the reason of the signal. Does not listen to it any more once `ended` aborts. */
async function aborted(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: ended });
  });
}
