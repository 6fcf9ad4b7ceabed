import type { UserId } from '../../domain/shared/ids.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A new authkey. Only its hash is stored. */
export interface IssuedAuthkey {
  readonly authkey: string;
  /** Expiry in Unix seconds, by the database's clock. */
  readonly expires: number;
}

/** The lifetime of authkeys, and their number per user. */
export interface AuthkeySettings {
  readonly lifetimeSeconds: number;
  readonly maxPerUser: number;
}

/**
 * Limits for how long a stolen authkey can be rotated: until 12 hours, or the lifetime of one
 * authkey, after the login.
 */
const MAX_SECONDS_SINCE_LOGIN = 12 * 60 * 60;

/**
 * Issues an authkey for a user that the transaction has locked against removal. `loginAt` is the
 * login time of the replaced authkey; null for a login.
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
