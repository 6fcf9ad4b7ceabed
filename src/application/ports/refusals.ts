import type { Actor, Deed } from '../../domain/audit/deed.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';

/** Somebody asked for something, and did not get it. */
export interface Refusal {
  readonly by: Actor;
  readonly deed: Omit<Deed, 'result' | 'details'>;
}

/** Where refusals are written down, after what they were about was undone. */
export interface Refusals {
  /**
   * Writes down what was refused, as well as that can be done. Never fails, and resolves within
   * seconds.
   */
  run(refusal: Refusal, error: DomainError): Promise<void>;
}
