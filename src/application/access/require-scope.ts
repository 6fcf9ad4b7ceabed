import { coversScope, type TokenScope } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';

/**
 * Requires that a caller with an API token has one of this scope or a wider one; `login` stands for
 * calls that no token may make. Other credentials suffice for every call.
 *
 * @throws DomainError `scope-missing`
 */
export function requireScope({ token }: Caller, needed: TokenScope | 'login'): void {
  if (token === undefined || (needed !== 'login' && coversScope(token.scope, needed))) return;
  throw new DomainError('scope-missing', { scope: needed });
}
