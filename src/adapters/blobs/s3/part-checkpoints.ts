import type { Checkpoint } from '../../../application/ports/blob-appender.ts';
import type { AppendedParts } from './appended-parts.ts';

/** A crash costs at most this much of an upload, or one part if that is larger. Bytes. */
const MAX_UNRECORDED_BYTES = 64 * 1024 * 1024;
/** A record is made when half of that is durable, so that the body need not wait for it. */
const EVERY_BYTES = MAX_UNRECORDED_BYTES / 2;

/**
 * Records now and then how much of an append is durable: the parts that the server has. Sends
 * nothing for that, unless it is asked for a checkpoint.
 */
export class PartCheckpoints {
  readonly #parts: AppendedParts;
  readonly #record: Checkpoint;
  readonly #maxUnrecorded: number;
  #recorded: number;
  #underway: Promise<void> | null = null;
  #isEnded = false;

  /** All appended bytes are durable and recorded. */
  constructor(parts: AppendedParts, record: Checkpoint) {
    this.#parts = parts;
    this.#record = record;
    this.#recorded = parts.position;
    this.#maxUnrecorded = Math.max(MAX_UNRECORDED_BYTES, parts.partBytes);
  }

  /**
   * Waits until a crash would not cost too many of the appended bytes.
   *
   * @throws the failure of the record or of a part, or the reason of the signal
   */
  async keepUp(signal: AbortSignal): Promise<void> {
    if (this.#parts.durable - this.#recorded >= EVERY_BYTES) this.#begin().catch(heardLater);
    while (this.#parts.position - this.#recorded > this.#maxUnrecorded) {
      if (this.#underway !== null || this.#parts.durable > this.#recorded) await this.#begin();
      else await this.#parts.nextSent(signal);
    }
  }

  /** Makes one now of all that was appended, unless it has ended. */
  async now(): Promise<void> {
    const appended = this.#parts.position;
    await this.#parts.save();
    await this.#underway?.catch(heardLater);
    if (!this.#isEnded && appended > this.#recorded) await this.#begin();
  }

  /** Makes no further ones. Resolves when none is under way, however it ended. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#underway?.catch(heardLater);
  }

  async #begin(): Promise<void> {
    this.#underway ??= this.#make().finally(() => (this.#underway = null));
    return this.#underway;
  }

  async #make(): Promise<void> {
    const { durable } = this.#parts;
    await this.#record(durable);
    this.#recorded = durable;
    this.#parts.recorded(durable);
  }
}

/** The append hears of it once it has to wait. */
function heardLater(): void {
  // Nothing is recorded until then.
}
