import { logIn } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { Installation } from './installation.ts';

const OLD = `select id from audit_entries where action = 'tag.edit'`;
const SETTINGS = { PLATTER_ROOT_PASSWORD: ROOT_PASSWORD };

interface Entry {
  readonly action: string;
  readonly result: string;
  readonly channel: string;
  readonly address: string | null;
  readonly group: { readonly id: number; readonly name: string } | null;
}

describe('platter audit', () => {
  it('prints events beside a service and without one, and the service deletes old ones', async () => {
    const installation = await Installation.beside();
    const audit = async (...options: readonly string[]) => installation.run(['audit', ...options], SETTINGS);
    const database = await installation.databaseUrl();
    const old = `insert into audit_entries (at, action, result, way, details) values (clock_timestamp() - interval '31 days', 'tag.edit', 'done', 'system', '{}')`;
    await rowsOf(database, old);
    const service = installation.start({
      ...SETTINGS,
      PLATTER_AUDIT_DAYS: '30',
    });
    const url = await service.ready();
    const root = await logIn(url);
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: 'exe\u00adgnp', parent_gid: 0 });
    await root.call('DELETE /u/group', { gid: 0 });

    const found = await audit('--group', String(gid), '--since', '2020-01-01');
    expect(found).toMatchObject({ code: 0, complaints: '' });
    expect(found.output).toMatch(
      /^\S+Z group\.create done by user 0 "root" via velocity from 127\.0\.0\.1 request \S+: /,
    );
    expect(found.output).toContain(`group ${gid} "exe\\u00adgnp" {"parent":0}`);
    await until('old events are deleted', async () => (await rowsOf(database, OLD)).length === 0);
    await service.stop();

    expect(await installation.run(['user', 'password', 'root'], {}, 'another password')).toMatchObject({ code: 0 });
    const { code, output } = await audit('--json', '--limit', '0');
    const entries = output.split('\n').map((line) => JSON.parse(line) as Entry);
    expect([code, entries.map(({ action, result, channel }) => [action, result, channel])]).toEqual([
      0,
      [
        ['user.password', 'done', 'command'],
        ['group.remove', 'protected', 'velocity'],
        ['group.create', 'done', 'velocity'],
        ['user.login', 'done', 'velocity'],
        ['permission.give', 'done', 'system'],
        ['user.create', 'done', 'system'],
      ],
    ]);
    expect(output).not.toContain(root.authkey);
    expect(await audit('--user', '77')).toMatchObject({ code: 0, output: '', complaints: '' });
  });

  it.each([
    ['--since', '2026-02-30', 'It must be a time like 2026-01-31 or 2026-01-31T12:00:00Z.'],
    ['--action', 'media.eat', 'Allowed choices are user.login,'],
  ])('refuses %s %s with the reason', async (option, value, why) => {
    const { code, complaints } = await (
      await Installation.beside('postgres://127.0.0.1:9/none')
    ).run(['audit', option, value]);
    expect([code, complaints]).toEqual([1, expect.stringContaining(why)]);
  });
});
