import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';

/** Somebody asked for something, and did not get it. */
export interface DeniedAttempt {
  readonly by: Actor;
  readonly event: Omit<AuditEvent, 'result' | 'details'>;
}

/** Where refusals are written down, after what they were about was undone. */
export interface DeniedAttempts {
  /**
   * Writes down what was refused, as well as that can be done. Never fails, and resolves within
   * seconds.
   */
  run(deniedAttempt: DeniedAttempt, error: DomainError): Promise<void>;
}
