import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';

/** An attempt that was refused. */
export interface DeniedAttempt {
  readonly by: Actor;
  readonly event: Omit<AuditEvent, 'result' | 'details'>;
}

/** Records refused attempts in the audit, after their transaction was rolled back. */
export interface DeniedAttempts {
  /**
   * Records a refused attempt, on a best-effort basis. Never throws, and resolves within seconds.
   */
  run(deniedAttempt: DeniedAttempt, error: DomainError): Promise<void>;
}
