import { freshName, logIn } from '../../support/http/client.ts';
import { startPlatter, type Platter } from '../../support/program/platter.ts';
import { BEHIND_PROXY, logInFrom, profileFrom } from '../../support/http/forwarded-requests.ts';

const RIGHT = 'correct horse';
const OFFICE = '192.0.2.1';

describe('A stranger with 60 connections', () => {
  let platter: Platter;
  let name: string;
  beforeAll(async () => {
    platter = await startPlatter({ env: BEHIND_PROXY });
    name = freshName('ann');
    await (await logIn(platter.url)).ask('PUT /u/user', { name, password: RIGHT });
  });

  it('locks out neither a working user at another address nor a first login', async () => {
    expect((await logInFrom(platter.url, OFFICE, name, RIGHT)).status).toBe(200);
    const strangers: number[] = [];
    const victims: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      // Each round uses a network without counted failures.
      const crowd = Array.from({ length: 60 }, async (_, at) =>
        logInFrom(platter.url, `2001:db8:${round}::${at}`, `unknown ${at}`, `guess ${round}`),
      );
      const [known, fresh] = [
        await logInFrom(platter.url, OFFICE, name, RIGHT),
        await profileFrom(platter.url, `198.51.100.${round}`, name, RIGHT),
      ];
      victims.push(known.status, fresh.status);
      strangers.push(...(await Promise.all(crowd)).map(({ status }) => status));
    }
    expect(victims).toEqual(victims.map(() => 200));
    expect(strangers).not.toContain(200);
  });

  it('causes no stack traces in the log', () => {
    const lines = platter.log.filter(({ msg }) => msg === 'a request was refused: Platter is at its limits');
    for (const line of lines) expect(line).not.toHaveProperty('err');
    expect(platter.log.filter((line) => JSON.stringify(line).includes('argon2-password-hasher'))).toEqual([]);
  });
});
