import { freshName } from '../../support/http/client.ts';
import { run, titleWithClient, withClient, zeros } from '../../support/http/real-client.ts';
import { openCloud, type CloudScene, type Listed } from '../cloudsigma/cloud.ts';
import { makeAssignedGroup, mediaOf } from '../velocity/scene.ts';

const SIZE = 5000;

let scene: CloudScene;
let gid: number;
beforeAll(async () => (scene = await openCloud()));
beforeEach(async () => (gid = await makeAssignedGroup(scene)));

/** What curl is told to upload as media of the group, after `args`. */
function asMedia(...args: readonly string[]): readonly string[] {
  const headers = {
    authorization: `Bearer ${scene.root.authkey}`,
    'x-velocity-mpid': '1',
    'x-velocity-gid': String(gid),
    'x-velocity-name': freshName('media'),
    'x-velocity-type': 'DISK',
    'x-velocity-readonly': 'false',
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return ['-sS', '-w', '%{http_code}', ...args, ...lines, `${scene.platter.url}/m/media/upload`];
}

/** What curl is told to upload as a drive, after `args`. */
function asDrive(...args: readonly string[]): readonly string[] {
  const { name, password } = scene.boss;
  return [
    ...['-sS', '-w', '%{http_code}', '-u', `${name}:${password}`, '-X', 'POST', ...args],
    `${scene.platter.url}/api/2.0/drives/upload/`,
  ];
}

async function drives(): Promise<number> {
  return (await scene.boss.ask<Listed>('GET /drives/?limit=1')).meta.total_count;
}

/** The command that a message names, with what stands for something replaced. */
function commandOf(message: string, stands: Readonly<Record<string, string>>): readonly string[] {
  const [, line = ''] = /(curl .*?)(?= does)/.exec(message) ?? [];
  const filled = Object.entries(stands).reduce((text, [word, value]) => text.replace(word, value), line);
  const [name = '', ...args] = [...filled.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  expect(name).toBe('curl');
  return ['-sS', '-w', '%{http_code}', ...args];
}

describe('An upload by curl', () => {
  it(
    titleWithClient('curl', 'that goes on with a file where another one ended stores nothing'),
    withClient('curl', async () => {
      const file = await zeros(SIZE);
      const before = await drives();
      expect((await run('curl', asMedia('-C', '1000', '-T', file))).stdout).toMatch(/"code":110,.*content-range.*400$/);
      expect((await run('curl', asDrive('-C', '1000', '-T', file))).stdout).toMatch(
        /"error_type":"validation".*content-range.*400$/,
      );
      expect([await mediaOf(scene, gid), await drives()]).toEqual([[], before]);
    }),
  );

  it(
    titleWithClient('curl', 'of a form is refused with the command that uploads the file'),
    withClient('curl', async () => {
      const file = await zeros(SIZE);
      const before = await drives();
      const media = await run('curl', asMedia('-X', 'PUT', '-F', `file=@${file}`));
      expect(media.stdout).toMatch(/"code":114,.*415$/);
      const drive = await run('curl', asDrive('-F', `file=@${file}`));
      expect(drive.stdout).toMatch(/"error_type":"validation".*415$/);
      expect([await mediaOf(scene, gid), await drives()]).toEqual([[], before]);

      const stands = { FILE: file, 'https://HOST': scene.platter.url };
      const { root, boss } = scene;
      const right = { ...stands, AUTHKEY: root.authkey, 'gid: 0': `gid: ${gid}`, NAME: freshName('media') };
      expect((await run('curl', commandOf(media.stdout, right))).stdout).toMatch(/"size":5000\}200$/);
      const who = `'${boss.name}:${boss.password}'`;
      expect((await run('curl', commandOf(drive.stdout, { ...stands, NAME: who }))).stdout).toMatch(/201$/);
      expect([(await mediaOf(scene, gid)).length, await drives()]).toEqual([1, before + 2]);
    }),
  );
});
