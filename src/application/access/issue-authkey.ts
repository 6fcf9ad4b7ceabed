import type { UserId } from '../../domain/shared/ids.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A new authkey, the only time that it is told. */
export interface IssuedAuthkey {
  readonly authkey: string;
  /** Its end in Unix time, whole seconds, by the database's clock. */
  readonly expires: number;
}

/** How long authkeys live, and how many a user may have. */
export interface AuthkeySettings {
  readonly lifetimeSeconds: number;
  readonly maxPerUser: number;
}

/**
 * A stolen key can not be swapped for ever: what a login led to ends after 12 hours, or after the
 * lifetime of a key.
 */
const MAX_SECONDS_SINCE_LOGIN = 12 * 60 * 60;

/**
 * Makes an authkey for a user that the transaction has locked against removal. `loginAt` is that of
 * the key it replaces; null for a login.
 */
export async function issueAuthkey(
  tx: Transaction,
  random: Random,
  user: UserId,
  settings: AuthkeySettings,
  loginAt: string | null,
): Promise<IssuedAuthkey> {
  const authkey = random.authkey();
  const terms = { ...settings, maxSecondsSinceLogin: Math.max(MAX_SECONDS_SINCE_LOGIN, settings.lifetimeSeconds) };
  const expires = await tx.authkeys.insert(random.hashOf(authkey), user, terms, loginAt);
  return { authkey, expires };
}
