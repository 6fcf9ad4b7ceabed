import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { ROOT_PASSWORD, startPlatter, type Platter } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';

describe('A stolen authkey', () => {
  let platter: Platter;
  let root: Client;
  beforeAll(async () => {
    platter = await startPlatter();
    root = await logIn(platter.url);
  });

  async function rotate({ authkey }: { authkey: string }): Promise<{ authkey: string; expires: number }> {
    return root.ask('PATCH /u/auth', { authkey });
  }

  it('expires at most 12 hours after the login, however often it is rotated', async () => {
    const name = freshName('ann');
    await root.ask('PUT /u/user', { name, password: 'secret' });
    let key = await rotate(await logIn(platter.url, name, 'secret'));
    const ofAnn = `where user_id = (select id from users where name = '${name}')`;
    // 11 hours and 55 minutes later.
    await rowsOf(platter.database.url, `update authkeys set login_at = login_at - interval '715 minutes' ${ofAnn}`);
    for (let times = 0; times < 3; times += 1) key = await rotate(key);
    const [left] = await rowsOf(
      platter.database.url,
      `select ${key.expires} - extract(epoch from login_at)::float as seconds from authkeys ${ofAnn}`,
    );
    expect(left!.seconds).toBeLessThanOrEqual(12 * 3600 + 1);
    await rowsOf(platter.database.url, `update authkeys set expires_at = clock_timestamp() ${ofAnn}`);
    expect((await root.call('PATCH /u/auth', { authkey: key.authkey })).body).toMatchObject({ code: 1401 });
  });

  it('is revoked when the password of its user changes', async () => {
    const stolen = await rotate(await logIn(platter.url));
    const main = join(import.meta.dirname, '..', '..', '..', 'dist', 'infrastructure', 'main.js');
    const child = promisify(execFile)('node', [main, 'user', 'password', 'root'], {
      env: { PATH: process.env.PATH, DATABASE_URL: platter.database.url, PLATTER_DATA_DIR: platter.dataDirectory },
    });
    child.child.stdin?.end(`${ROOT_PASSWORD} is another`);
    await child;
    expect((await root.call('PATCH /u/auth', { authkey: stolen.authkey })).body).toMatchObject({ code: 1400 });
  });
});
