import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnswerLog } from './answer-log.ts';
import { Random } from './random.ts';
import { Traffic } from './traffic.ts';
import { logIn } from '../support/http/client.ts';
import { createTestDatabase, rowsOf } from '../support/database/test-database.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { Installation } from '../acceptance/start-up/installation.ts';
import { poolsFile } from '../acceptance/start-up/pools-file.ts';

const SETTINGS = { PLATTER_ROOT_PASSWORD: ROOT_PASSWORD, PLATTER_LEASE: '2' };

describe('platter doctor', () => {
  it('reports only faults, and no running transfer, while the service is busy', async () => {
    const database = (await createTestDatabase({ migrated: false })).url;
    const installation = await Installation.beside(database);
    const service = installation.start(SETTINGS);
    const url = await service.ready();
    const root = await logIn(url);
    const { mid } = (await root.upload({ group: 0, name: 'to be lost' }, 'something')).body as { mid: string };
    const traffic = new Traffic(root, new AnswerLog(), new Random(7), 'busy');
    await traffic.answers(20);
    await rm(join(installation.poolFolder, mid));
    const { code, output } = await installation.run(['doctor', '--json', '--fix'], SETTINGS);
    traffic.stop();
    await traffic.ended;
    expect([code, JSON.parse(output)]).toEqual([
      1,
      {
        status: 'findings',
        pools: [{ id: 1, name: 'default', blobs: expect.any(Number) as number }],
        unchecked: [],
        findings: [
          {
            kind: 'bytes-missing',
            media: mid,
            expected: 9,
            pool: 1,
            location: 0,
            blob: mid,
            sentence: `pool 1: the 9 bytes of media ${mid} (blob ${mid}) are not there`,
            fixed: false,
          },
        ],
      },
    ]);
    expect(await rowsOf(database, 'select kind, result, findings from examinations')).toEqual([
      { kind: 'doctor', result: 'findings', findings: '1' },
    ]);
    await service.stop();
  });

  describe('without a service', () => {
    const settings = { ...SETTINGS, PLATTER_LEASE: '1' };
    let installation: Installation;
    let url: string;
    beforeAll(async () => {
      url = (await createTestDatabase({ migrated: false })).url;
      installation = await Installation.beside(url);
      const [one, two] = [join(installation.folder, 'one'), join(installation.folder, 'two')];
      const pools = poolsFile({ mpid: 1, name: 'one', path: one, default: true }, { mpid: 2, name: 'two', path: two });
      await writeFile(join(installation.folder, 'pools.yml'), pools);
      Object.assign(settings, { PLATTER_POOLS_FILE: join(installation.folder, 'pools.yml') });
      const service = installation.start(settings);
      await service.ready();
      await service.stop();
    });
    const path = (...names: readonly string[]): string => join(installation.folder, ...names);
    const doctor = async (...options: readonly string[]) => installation.run(['doctor', ...options], settings);

    it('prints each step before it is done, as text or beside the document, and is healthy afterwards', async () => {
      const wrong = async (): Promise<string> => {
        const id = randomUUID();
        await writeFile(path('one', id), 'x');
        await rowsOf(url, 'update pools set used = 3 where id = 2');
        return id;
      };
      const recount = '  fix: recount the usage of the pool in pool 2';
      const first = await wrong();
      const fixed = await doctor('--fix');
      expect([fixed.code, fixed.output.split('\n')]).toEqual([
        1,
        [
          'usage: pool 2: the pool is charged for 3 bytes, and has 0',
          recount,
          `bytes-unowned: pool 1: the 1 bytes of blob ${first} belong to no media item`,
          `  fix: remove blob ${first} from pool 1`,
          'pool 1 ("one"): 1 blobs compared',
          'pool 2 ("two"): 0 blobs compared',
          '2 findings',
        ],
      ]);
      const second = await wrong();
      const reported = await doctor('--fix', '--json');
      expect([reported.code, reported.complaints]).toEqual([
        1,
        `${recount}\n  fix: remove blob ${second} from pool 1\n`,
      ]);
      const { status, findings } = JSON.parse(reported.output) as { status: string; findings: { fixed: boolean }[] };
      expect([status, findings.map(({ fixed: done }) => done)]).toEqual(['findings', [true, true]]);
      const healthy = await doctor();
      expect([healthy.code, healthy.output.split('\n').at(-1), healthy.complaints]).toEqual([0, 'healthy', '']);
    });

    it('reports a pool that it could not read apart from findings, and compares the rest', async () => {
      await writeFile(path('two', randomUUID()), 'x');
      await rename(path('one'), path('away'));
      const { code, output, complaints } = await doctor();
      expect([code, output.split('\n')[0]]).toEqual([2, expect.stringMatching(/^bytes-unowned: pool 2: /)]);
      expect(complaints).toMatch(/^pool 1 could not be read: it cannot be reached: ENOENT.*\n$/);
      await rename(path('away'), path('one'));

      const away = { ...settings, DATABASE_URL: 'postgresql://platter:left@127.0.0.1:1/platter' };
      const blind = await installation.run(['doctor', '--json'], away);
      expect([blind.code, JSON.parse(blind.output)]).toMatchObject([
        2,
        { status: 'incomplete', pools: [], unchecked: [{ pool: null }], findings: [] },
      ]);
    });
  });
});
