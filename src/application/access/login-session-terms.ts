import type { LoginSessionTerms } from '../ports/login-session-repository.ts';

const IDLE_SECONDS = 12 * 60 * 60;
const MAX_SECONDS = 7 * 24 * 60 * 60;

/** Returns how long sessions are valid (docs/api.md#sessions). */
export function loginSessionTerms(maxPerUser: number): LoginSessionTerms {
  return { idleSeconds: IDLE_SECONDS, maxSeconds: MAX_SECONDS, maxPerUser };
}
