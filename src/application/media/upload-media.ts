import type { Caller } from '../../domain/access/caller.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { AdmissionFailure, MediaOrder } from './admit.ts';
import type { Intake, IntakeFailure } from './intake.ts';

export type UploadMediaFailure = AdmissionFailure | IntakeFailure | 'body-too-short' | 'body-too-long' | 'body-cut-off';

/** Stores the bytes of a body as new media. */
export class UploadMedia {
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /**
   * `openBody` is called, and the body so begun to be read, only once the media are admitted. Resolves when the bytes are durable and the media
   * are listed; from then on, or when it fails, nothing is under way any more.
   */
  async run(caller: Caller, order: MediaOrder, openBody: () => ByteSource, signal: AbortSignal): Promise<MediaId> {
    return this.#intake.take(
      caller,
      order,
      'uploading',
      (store, blob) => {
        const writer = store.writer(blob, order.size);
        return {
          bring: (stop) => writer.write(openBody(), stop),
          commit: () => writer.commit(),
          cancel: () => writer.cancel(),
        };
      },
      signal,
    );
  }
}
