import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { withConnection } from './transaction.ts';

/** The texts that are signed, each kind with a key of its own. */
export type SigningPurpose = 'chunk-links';

const KEY_BYTES = 32;

/** Returns the key of the installation for this purpose. The first process that asks creates it. */
export async function signingKey(pool: Pool, purpose: SigningPurpose): Promise<Uint8Array> {
  return withConnection(pool, async (client) => {
    const find = { text: 'select secret from signing_keys where purpose = $1', values: [purpose] };
    const { rows: found } = await client.query<{ secret: Buffer }>(find);
    if (found[0] !== undefined) return found[0].secret;
    const secret = randomBytes(KEY_BYTES);
    await client.query('insert into signing_keys (purpose, secret) values ($1, $2) on conflict do nothing', [
      purpose,
      secret,
    ]);
    // Another process may have been first.
    const { rows } = await client.query<{ secret: Buffer }>(find);
    if (rows[0] === undefined) throw new Error(`the signing key ${purpose} was deleted just now`);
    return rows[0].secret;
  });
}
