import type { Caller } from '../../domain/access/caller.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { AdmissionFailure, MediaOrder } from './admit.ts';
import type { Intake, IntakeFailure } from './intake.ts';

export type CreateMediaFailure = AdmissionFailure | IntakeFailure;

/** Makes new media that read as zeros, at once and whatever their size. */
export class CreateMedia {
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Resolves when the media are durable and listed. */
  run(caller: Caller, order: MediaOrder, signal: AbortSignal): Promise<MediaId> {
    return this.#intake.take(
      caller,
      order,
      'creating',
      (store, blob) => ({
        bring: () => Promise.resolve(),
        commit: () => store.allocate(blob, order.size),
        cancel: () => Promise.resolve(),
      }),
      signal,
    );
  }
}
