import type { Bytes } from '../../domain/shared/bytes.ts';

/** Keeps copies from starving requests: all the bytes that this process copies go past here. */
export interface Pace {
  /** Resolves once so many more bytes may be moved. Fails with the signal's reason. */
  take(moved: Bytes, signal: AbortSignal): Promise<void>;
}
