import type { UserId } from '../../domain/shared/ids.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A new authkey, the only time that it is told. */
export interface IssuedAuthkey {
  readonly authkey: string;
  /** Its end in Unix time, whole seconds, by the database's clock. */
  readonly expires: number;
}

/** Makes an authkey for a user whom the caller has kept. It lives for at least `lifetimeSeconds`. */
export async function issueAuthkey(
  tx: Transaction,
  random: Random,
  user: UserId,
  lifetimeSeconds: number,
): Promise<IssuedAuthkey> {
  const authkey = random.authkey();
  const expires = await tx.authkeys.insert(random.hashOf(authkey), user, lifetimeSeconds);
  return { authkey, expires };
}
