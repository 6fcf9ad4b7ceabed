import { freshName } from '../support/http/client.ts';
import { run, titleWithClient, withClient, zeros } from '../support/http/real-client.ts';
import { createColleague, openCloud, type CloudScene } from '../acceptance/cloudsigma/cloud.ts';
import { makeAssignedGroup, mediaOf } from '../acceptance/velocity/scene.ts';

/** More than all buffers on the way take, many times over. */
const SIZE = 200 * 1024 * 1024;

/**
 * A refused request for a client to send: where to, with which headers, and the answer that it has
 * to read.
 */
interface Refused {
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

let scene: CloudScene;
let file: string;
const refused: Record<string, Refused> = {};
beforeAll(async () => {
  scene = await openCloud();
  file = await zeros(SIZE);
  const { root } = scene;
  const gid = await makeAssignedGroup(scene, { quota: SIZE - 1 });
  const taken = freshName('media');
  await root.upload({ group: 0, name: taken }, 'bytes');
  const upload = (headers: Readonly<Record<string, string>>, says: RegExp): Refused => ({
    method: 'PUT',
    path: '/m/media/upload',
    headers: {
      authorization: `Bearer ${root.authkey}`,
      'x-velocity-mpid': '1',
      'x-velocity-gid': String(gid),
      'x-velocity-name': freshName('media'),
      'x-velocity-type': 'DISK',
      'x-velocity-readonly': 'false',
      ...headers,
    },
    says,
  });
  const { cloud: looker } = await createColleague(scene, gid, ['velocity.media.list']);
  Object.assign(refused, {
    '401': upload({ authorization: 'Bearer none' }, /"code":100,/),
    '406': upload({}, /"code":9221,/),
    '409': upload({ 'x-velocity-gid': '0', 'x-velocity-name': taken }, /"code":9220,/),
    '413': { ...upload({}, /"code":113,/), method: 'POST', path: '/m/media/list' },
    '400': upload({ 'x-velocity-type': '' }, /"code":9215,/),
    '404': upload({}, /"code":111,/),
    '403': {
      method: 'POST',
      path: '/api/2.0/drives/upload/image.raw',
      headers: { authorization: looker.authorization },
      says: /"error_type":"permission"/,
    },
  } satisfies Record<string, Refused>);
  Object.assign(refused['404']!, { path: '/nowhere' });
  expect(await mediaOf(scene, gid)).toEqual([]);
});

function lines({ headers }: Refused, expect: string | null): readonly string[] {
  return [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...(expect === null ? [] : [expect])];
}

const PYTHON = `
import http.client, json, sys, urllib.parse
url, path, method, headers, target = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4]), sys.argv[5]
connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
connection.request(method, target, body=open(path, 'rb'), headers=headers)
answer = connection.getresponse()
print(answer.status, answer.read().decode())
`;

const REQUESTS = `
import json, requests, sys
url, path, method, headers, target = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4]), sys.argv[5]
answer = requests.request(method, url + target, data=open(path, 'rb'), headers=headers, timeout=60)
print(answer.status_code, answer.text)
`;

/** What a client that sends 200 MiB reads of a refusal. */
type Send = (asked: Refused, expecting: boolean) => Promise<string>;

const curl: Send = async (asked, expecting) => {
  const { method, path } = asked;
  const headers = lines(asked, expecting ? 'Expect: 100-continue' : 'Expect:').flatMap((line) => ['-H', line]);
  const args = ['-sS', '-w', '%{http_code}', '-X', method, '-T', file, ...headers];
  const { stdout, stderr } = await run('curl', [...args, scene.platter.url + path]);
  return stdout + stderr;
};

const wget: Send = async (asked, expecting) => {
  const { method, path } = asked;
  const headers = lines(asked, expecting ? 'Expect: 100-continue' : null).map((line) => `--header=${line}`);
  const how = [`--method=${method}`, `--body-file=${file}`, '--content-on-error', '--tries=1', '-O', '-', '-nv'];
  const { stdout, stderr } = await run('wget', [...how, ...headers, scene.platter.url + path]);
  return stdout + stderr;
};

const python =
  (script: string): Send =>
  async ({ headers, method, path }, expecting) => {
    const sent = {
      ...headers,
      'content-length': String(SIZE),
      ...(expecting ? { expect: '100-continue' } : {}),
    };
    const { stdout, stderr } = await run('python3', [
      '-c',
      script,
      ...[scene.platter.url, file, method, JSON.stringify(sent), path],
    ]);
    return stdout + stderr;
  };

describe('A refusal reaches a client that is sending 200 MiB', () => {
  it.each([
    [titleWithClient('curl', 'curl'), 'curl', curl, ['406', '403']],
    [titleWithClient('wget', 'wget'), 'wget', wget, ['409', '403', '413']],
    [titleWithClient('python3', 'Python’s http.client'), 'python3', python(PYTHON), ['401', '400', '403']],
    [titleWithClient('requests', 'Python’s requests'), 'requests', python(REQUESTS), ['404', '406', '403']],
  ] as const)('%s', async (_name, client, send, statuses) => {
    await withClient(client, async () => {
      for (const status of statuses) {
        for (const expecting of [false, true]) {
          const said = await send(refused[status]!, expecting);
          expect([expecting, said]).toEqual([expecting, expect.stringContaining(status)]);
          expect(said).toMatch(refused[status]!.says);
        }
      }
    })();
  });
});
