import { freshName, logIn } from '../../support/http/client.ts';
import { startPlatter, type Platter } from '../../support/program/platter.ts';
import { BEHIND_PROXY, logInFrom, profileFrom } from '../../support/http/forwarded-requests.ts';

const RIGHT = 'correct horse';
const OFFICE = '192.0.2.1';
const STRANGER = '198.51.100.1';

describe('Guesses at the password of a user who is working', () => {
  let platter: Platter;
  let name: string;
  beforeAll(async () => (platter = await startPlatter({ env: BEHIND_PROXY })));
  beforeEach(async () => {
    name = freshName('ann');
    await (await logIn(platter.url)).ask('PUT /u/user', { name, password: RIGHT });
  });

  it('are limited, the right password included, and do not block the user at another address', async () => {
    const statuses: number[] = [];
    const guesses = Array.from({ length: 40 }, async (_, connection) => {
      for (let at = 0; at < 5; at += 1) {
        statuses.push((await profileFrom(platter.url, STRANGER, name, `guess ${connection} ${at}`)).status);
      }
    });
    const work = (async () => {
      const seen = [];
      for (let call = 0; call < 20; call += 1) seen.push((await profileFrom(platter.url, OFFICE, name, RIGHT)).status);
      return seen;
    })();
    await Promise.all(guesses);
    expect(new Set(await work)).toEqual(new Set([200]));
    // Concurrent guesses may each find the limit not used up; later ones are refused without a
    // check.
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(20);
    expect((await profileFrom(platter.url, STRANGER, name, RIGHT)).status).toBe(429);
    expect((await logInFrom(platter.url, STRANGER, name, RIGHT)).body).toMatchObject({ code: 101 });
    expect((await profileFrom(platter.url, OFFICE, name, RIGHT)).status).toBe(200);
  });

  it('are limited at the address of the user too, and successful calls do not reset the count', async () => {
    expect((await profileFrom(platter.url, OFFICE, name, RIGHT)).status).toBe(200);
    for (let at = 1; at <= 20; at += 1) {
      await profileFrom(platter.url, OFFICE, name, `guess ${at}`);
      if (at === 10) expect((await profileFrom(platter.url, OFFICE, name, RIGHT)).status).toBe(200);
    }
    expect((await profileFrom(platter.url, OFFICE, name, RIGHT)).status).toBe(429);
  });

  it('at many names from one address share a limit, and a user who is logged in there can continue', async () => {
    const shared = '203.0.113.1';
    expect((await logInFrom(platter.url, shared, name, RIGHT)).status).toBe(200);
    for (let at = 1; at <= 100; at += 10) {
      const guesses = Array.from({ length: 10 }, async (_, more) =>
        logInFrom(platter.url, shared, `name ${at + more}`, 'guess'),
      );
      await Promise.all(guesses);
    }
    expect((await logInFrom(platter.url, shared, 'root', 'guess')).body).toMatchObject({ code: 101 });
    expect((await logInFrom(platter.url, shared, name, RIGHT)).status).toBe(200);
    expect((await profileFrom(platter.url, shared, name, RIGHT)).status).toBe(200);
  });

  it('do not count if an authkey is wrong', async () => {
    const stranger = await logIn(platter.url, name, RIGHT);
    for (let at = 0; at < 120; at += 1) {
      expect((await stranger.call('PATCH /u/auth', { authkey: `wrong ${at}` })).body).toMatchObject({ code: 1400 });
    }
    await logIn(platter.url, name, RIGHT);
  });
});
