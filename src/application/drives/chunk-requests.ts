import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { requireCreation } from '../../domain/uploads/creation-rights.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { requireVisible, type VisibilityFailure } from './visible-media.ts';
import type { AdmissibleChunk, ChunkedUpload } from '../ports/chunk-repository.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { refused, requireChunk, type ChunkOrder, type FoundChunk } from '../uploads/chunk-order.ts';
import type { EndUpload } from '../uploads/end-upload.ts';
import { acquireChunk, admitChunk, findStart, type AdmittedChunk, type ChunkRequest } from './admit-chunk.ts';

export type ChunkRequestFailure =
  VisibilityFailure | 'chunk-refused' | 'permission-missing' | 'group-not-found' | 'not-manager' | 'unavailable';

/** A chunk of an upload, durable or not. */
export interface ExistingChunk extends FoundChunk {
  readonly upload: ChunkedUpload;
  readonly isStored: boolean;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly endUpload: EndUpload;
}

/** What every request for a chunk has to pass. */
export class ChunkRequests {
  readonly #work: UnitOfWork;
  readonly #end: EndUpload;

  constructor({ work, endUpload }: Dependencies) {
    this.#work = work;
    this.#end = endUpload;
  }

  /**
   * Finds a chunk of an upload that the caller created and may still create. Ends the upload if the
   * caller lost the right to create it. `id` is null for text that is no id.
   *
   * @throws DomainError `media-not-found` or `media-published`; `chunk-refused` for a drive that
   *   takes no chunks, and for a wrong number or chunk size; `permission-missing` for a drive of
   *   another user; `permission-missing`, `group-not-found` or `not-manager` where the rights were
   *   taken away
   */
  async find(caller: Caller, id: UploadId | null, order: ChunkOrder): Promise<ExistingChunk> {
    return this.#run(
      'read',
      caller,
      id,
      async (tx, found) => tx.chunks.stateFor(caller.id, found, await findStart(tx, found, order)),
      async (_tx, { upload, isStored }) =>
        Promise.resolve({ upload, isStored, ...requireChunk(upload, order, upload.offset === 0) }),
    );
  }

  /**
   * Admits a request to a chunk, as `find`, and gives it the lease; null if another process holds
   * one.
   *
   * @throws DomainError as `find`; `chunk-stored`
   */
  async admit(caller: Caller, id: UploadId, request: ChunkRequest): Promise<AdmittedChunk | null> {
    return this.#run(
      'run',
      caller,
      id,
      async (tx) => acquireChunk(tx, caller, id, request),
      async (tx, tried) => admitChunk(tx, caller, tried, request),
    );
  }

  async #run<State extends AdmissibleChunk, T>(
    mode: 'read' | 'run',
    caller: Caller,
    id: UploadId | null,
    ask: (tx: Transaction, id: UploadId) => Promise<State | null>,
    work: (tx: Transaction, state: State) => Promise<T>,
  ): Promise<T> {
    const denied: { upload: ChunkedUpload | null } = { upload: null };
    try {
      return await this.#work.onBehalfOf(caller)[mode](async (tx) => {
        denied.upload = null;
        const state = await requireOwn(tx, caller, id, id === null ? null : await ask(tx, id));
        if (state.upload.state !== 'finished') {
          denied.upload = state.upload;
          requireCreation(state.rights);
          denied.upload = null;
        }
        return work(tx, state);
      });
    } catch (error) {
      if (denied.upload === null) throw error;
      throw await this.#end.after(error, denied.upload, { by: caller, action: 'upload.abort' });
    }
  }
}

async function requireOwn<State extends AdmissibleChunk>(
  tx: Transaction,
  caller: Caller,
  id: UploadId | null,
  state: State | null,
): Promise<State> {
  if (state !== null && state.upload.creator === caller.uuid && state.upload.state !== 'ended') return state;
  await requireVisible(tx, caller, id);
  if (state === null) throw refused('the drive takes no chunks: begin an upload with POST /initupload/');
  throw new DomainError('permission-missing', { permission: 'velocity.media.create' });
}
