import { send, type Answer, type Client } from '../../support/http/client.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { expectFault, openCloud, createUser, type Cloud, type CloudScene } from '../cloudsigma/cloud.ts';
import { holdTable } from '../start-up/held-table.ts';
import { makeAssignedGroup, makeUser } from '../velocity/scene.ts';

/** The number of connections in the attack that once took the service down. */
const AT_ONCE = 40;
/**
 * Of the 20 connections by default, a tenth is for searches and a tenth for upkeep; one user may
 * have a quarter of the rest.
 */
const SEARCHES = 2;
const SHARE = 4;
const LOCKED = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

describe('An account that sends costly searches', () => {
  let scene: CloudScene;
  let attacker: Cloud;
  let victim: Client;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud();
    attacker = (await createUser(scene, [])).cloud;
    gid = await makeAssignedGroup(scene);
    // With a home group, so that it belongs to another tenant than the attacker.
    victim = (await makeUser(scene, gid, 'velocity.pool.list', 'velocity.media.create')).client;
  });

  async function atOnce(call: (turn: number) => Promise<Answer>): Promise<readonly Answer[]> {
    return Promise.all(Array.from({ length: AT_ONCE }, async (_, turn) => call(turn)));
  }

  async function expectServed(): Promise<void> {
    expect((await send(scene.platter.url, { method: 'GET', path: '/readyz' })).status).toBe(200);
    expect((await victim.call('POST /m/pool/list', { gid })).status).toBe(200);
  }

  const waiting = async (): Promise<number> => (await rowsOf(scene.platter.database.url, `select ${LOCKED}`)).length;

  it.each([
    ['200 tags', '/drives/', Array.from({ length: 200 }, () => 'tag=a').join('&')],
    ['900 parts of names', '/drives/detail/', Array.from({ length: 900 }, () => 'name__contains=a').join('&')],
    ['2,600 values', '/drives/', `name=${Array.from({ length: 2600 }, () => 'a').join()}`],
    ['101 values in several filters', '/servers/', `uuid=${'a,'.repeat(50)}&name=${'a,'.repeat(49)}`],
    ['21 filters of different names', '/libdrives/', `${'os=a&'.repeat(11)}${'arch=a&'.repeat(10)}`],
  ])('gets an error with the limits for %s', async (_, path, query) => {
    const answer = await attacker.call(`GET ${path}?${query}`);
    expect(expectFault(answer, 400, 'validation')).toEqual([null]);
    expect(answer.text).toContain('at most 20 filters with 100 values in all');
  });

  it.each([
    ['/drives/', `${'tag=a&'.repeat(10)}${'name__contains=a&'.repeat(9)}uuid=${'a,'.repeat(79)}`],
    ['/servers/', `${'tag=a&'.repeat(10)}${'name=a&'.repeat(10)}`],
    ['/libdrives/', 'name__icontains=a&'.repeat(20)],
  ])('gets an answer from %s up to the limits', async (path, query) => {
    expect((await attacker.call(`GET ${path}?${query}`)).status).toBe(200);
  });

  it('leaves the service to others while it sends the largest searches on many connections', async () => {
    const values = (turn: number): string => Array.from({ length: 5 }, (_, at) => `${turn} ${at}`).join();
    const searches = atOnce(async (turn) =>
      attacker.call(`GET /drives/detail/?limit=0&${`name__contains=${encodeURIComponent(values(turn))}&`.repeat(20)}`),
    );
    await expectServed();
    // Each is answered, or waited too long in the queue of its user.
    for (const { status } of await searches) expect([200, 503]).toContain(status);
    await expectServed();
  });

  it('gets an error when a search takes too long', async () => {
    const releaseTable = await holdTable(scene.platter.database.url, 'media_labels');
    const answer = await attacker.call('GET /drives/?name__contains=a');
    expectFault(answer, 503, 'database');
    expect(answer.text).toContain('the search takes too long');
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    await releaseTable();
  });

  it('uses only its share of the connections, for searches and for other calls', async () => {
    const releaseTable = await holdTable(scene.platter.database.url, 'media_labels');
    const searches = atOnce(async () => attacker.call('GET /drives/?name__contains=a'));
    const lists = atOnce(async () => attacker.call('GET /drives/'));
    await until('the share is used up', async () => (await waiting()) >= SHARE);
    expect(await waiting()).toBeLessThanOrEqual(SHARE + SEARCHES);
    await expectServed();
    // Requests without a share give up; requests with one wait for the table.
    for (const answer of await searches) {
      expectFault(answer, 503, answer.text.includes('"database"') ? 'database' : 'backend');
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }
    expect(await waiting()).toBeLessThanOrEqual(SHARE);
    await releaseTable();
    const answers = await lists;
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    expect((await attacker.call('GET /drives/')).status).toBe(200);
  });
});
