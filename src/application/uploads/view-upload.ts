import type { Caller } from '../../domain/access/caller.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { waitWithin } from '../leases/time-limit.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { EndUpload } from './end-upload.ts';
import { requireCreator, requireUpload, viewOf, type LiveUpload } from './require-upload.ts';
import type { UploadLeases } from './upload-leases.ts';
import type { UploadView } from './upload-view.ts';

export type ViewUploadFailure =
  'unknown-upload' | 'upload-gone' | 'permission-missing' | 'group-not-found' | 'not-manager' | 'unavailable';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly uploadLeases: UploadLeases;
  readonly endUpload: EndUpload;
}

/** How long a view waits for the bytes of another request to become durable. */
const CHECKPOINT_MS = 2_000;

/** Shows an upload to its creator, and to callers that may remove media of its group. */
export class ViewUpload {
  readonly #work: UnitOfWork;
  readonly #leases: UploadLeases;
  readonly #endUpload: EndUpload;

  constructor({ work, uploadLeases, endUpload }: Dependencies) {
    this.#work = work;
    this.#leases = uploadLeases;
    this.#endUpload = endUpload;
  }

  /**
   * `id` is null for text that is no id. What a request of this process has received is recorded
   * first, so that the offset is exact unless the disk hangs. Ends the upload if its creator lost
   * the right to create it.
   *
   * @throws DomainError `unknown-upload`; `upload-gone` for 24 h after it ended without an item;
   *   `permission-missing` or `not-manager` where the rights of its creator were taken away
   */
  async run(caller: Caller, id: UploadId | null): Promise<UploadView> {
    const seen = await this.authorized(caller, id);
    if (seen.state !== 'open') return viewOf(seen);
    await waitWithin(this.#leases.checkpoint(seen.id), CHECKPOINT_MS).catch(() => undefined);
    return viewOf(await this.#work.onBehalfOf(caller).read(async (tx) => requireUpload(tx, caller, seen.id)));
  }

  /** Returns an upload whose creator, if it is the caller, may still create it. */
  async authorized(caller: Caller, id: UploadId | null): Promise<LiveUpload> {
    const upload = await this.#work.onBehalfOf(caller).read(async (tx) => requireUpload(tx, caller, id));
    if (upload.state === 'finished' || upload.creator !== caller.uuid) return upload;
    try {
      await this.#work.onBehalfOf(caller).read(async (tx) => requireCreator(tx, caller.id, upload));
      return upload;
    } catch (error) {
      throw await this.#endUpload.after(error, upload, { by: caller, action: 'upload.abort' });
    }
  }
}
