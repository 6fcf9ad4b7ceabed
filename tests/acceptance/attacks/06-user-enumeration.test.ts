import { sendAnywhere } from '../../support/http/client.ts';
import { startPlatter, type Platter } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { BEHIND_PROXY, logInFrom } from '../../support/http/forwarded-requests.ts';
import { until } from '../../support/waiting/until.ts';

const CROWD = 200;

describe('Guesses with one password at many names', () => {
  let platter: Platter;
  beforeAll(async () => {
    platter = await startPlatter({ env: BEHIND_PROXY });
    // Each user has its own salt.
    await rowsOf(
      platter.database.url,
      `insert into users (name, password_hash)
       select 'user ' || number, overlay(password_hash placing lpad(number::text, 4, '0') from 32)
       from users, generate_series(0, ${CROWD - 1}) as numbers (number) where id = 0`,
    );
  });

  /** Sends many guesses, each from another address, and returns the statuses. */
  async function crowd(kind: 'unknown' | 'user', round: number): Promise<ReadonlySet<number>> {
    const guess = async (at: number): Promise<number> => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': `10.${round}.0.${at}` };
      const body = JSON.stringify({ name: `${kind} ${at}`, password: 'one guess' });
      return (await sendAnywhere(platter.url, { method: 'POST', path: '/u/auth', headers, body })).status;
    };
    return new Set(await Promise.all(Array.from({ length: CROWD }, async (_, at) => guess(at))));
  }

  it.each(['unknown', 'user'] as const)(
    'fill the queue with names of the kind: %s',
    async (kind) => {
      let rounds = 0;
      await until('some are refused by a full queue', async () => {
        rounds += 1;
        return (await crowd(kind, rounds % 250)).has(503);
      });
    },
    60_000,
  );

  it('get the same answer for both', async () => {
    const unknown = await logInFrom(platter.url, '192.0.2.1', 'unknown', 'guess');
    const user = await logInFrom(platter.url, '192.0.2.1', 'user 1', 'guess');
    expect([unknown.status, unknown.text]).toEqual([user.status, user.text]);
  });
});
