import { freshName, type Answer } from '../../support/http/client.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { until } from '../../support/waiting/until.ts';
import { expectError } from '../velocity/provocation.ts';
import { makeAssignedGroup, makeGroup, mediaOf, midOf, openScene, type Scene } from '../velocity/scene.ts';
import { BODIES, INVALID_NUMBERS, NUMBERS } from './body-attacks.ts';
import { FRAMING, HEADS } from './head-attacks.ts';
import { PLAIN_NAMES, INVALID_NAMES } from './names.ts';
import { answerTo, asRoot, jsonCall, request, upload } from './raw-requests.ts';

let scene: Scene;
let groups: number;
beforeAll(async () => {
  scene = await openScene();
});
beforeEach(async () => (groups = await count('groups')));

async function count(table: string): Promise<number> {
  const [row] = await rowsOf(scene.platter.database.url, `select count(*) as count from ${table}`);
  return Number(row!.count);
}

/** Fails unless nothing was stored and the service works. */
async function expectUnharmed(): Promise<void> {
  expect(await mediaOf(scene, 0)).toEqual([]);
  expect(await filesIn(scene.platter.poolFolder)).toEqual([]);
  expect([await count('groups'), await count('media'), await count('blobs')]).toEqual([groups, 0, 0]);
  expect(await count('users')).toBe(1);
}

describe.each([
  ['framing', FRAMING],
  ['head', HEADS],
  ['body', BODIES],
])('A hostile %s', (_part, attacks) => {
  it.each(attacks)('with %s is refused with %i > %i', async (_what, code, status, bytes) => {
    expectError(await answerTo(scene, bytes(scene)), code, status);
    await expectUnharmed();
  });
});

describe('An invalid number', () => {
  it.each(NUMBERS)('is refused in %s', async (line) => {
    const [, operation = '', body = ''] = /^(\S+ \S+) (.*)$/.exec(line) ?? [];
    // `uid` is optional, and null counts as absent.
    const none = operation === 'POST /u/user' ? INVALID_NUMBERS : [...INVALID_NUMBERS, 'null'];
    const connection = await RawConnection.open(scene.platter.url);
    for (const number of none) {
      const text = Buffer.from(body.replace('?', number)).toString('latin1');
      await connection.send(jsonCall(scene, operation, text));
      const answer = await connection.answer();
      expect([number, answer.status, answer.body]).toMatchObject([number, 400, { code: 110 }]);
      expectError(answer, 110, 400);
    }
    await expectUnharmed();
  });

  it.each([
    ['x-velocity-mpid', 9212],
    ['x-velocity-gid', 9213],
  ])('is refused in %s', async (header, code) => {
    for (const number of ['', '1e3', '0x10', '+1', '-0', '1.0', '9007199254740993', '1, 1', 'NaN', '\xb9']) {
      const bytes = upload(scene, ['Content-Length: 3']).replace(
        new RegExp(`${header}: .*\r\n`),
        `${header}: ${number}\r\n`,
      );
      expectError(await answerTo(scene, bytes), code, 400);
    }
    await expectUnharmed();
  });
});

/** Encodes a name as in RFC 8187. */
function encoded(name: string): string {
  return `UTF-8''${encodeURIComponent(name).replace(/[*'()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}`;
}

describe('A hostile name', () => {
  it.each(PLAIN_NAMES)('such as %j is plain text', async (name) => {
    const gid = await makeAssignedGroup(scene);
    const answers: Answer[] = [
      await scene.root.upload(
        { group: gid, name: 'by its name', headers: { 'x-velocity-name': encoded(name) } },
        'abc',
      ),
      await scene.root.upload({ group: gid, name: 'by its type', type: encoded(name) }, 'abc'),
    ];
    expect(await mediaOf(scene, gid)).toMatchObject([{ name }, { name: 'by its type', type: name }]);
    const files = await filesIn(scene.platter.poolFolder);
    expect(new Map(files)).toEqual(new Map(answers.map((answer) => [midOf(answer), 3])));
    await scene.root.ask('DELETE /m/media', { mid: midOf(answers[0]!) });

    await scene.root.ask('PUT /m/media/create', { gid, mpid: 1, name, size: 1 });
    const below = await scene.root.ask<{ gid: number }>('PUT /u/group', { name, parent_gid: gid });
    expect(await scene.root.ask('POST /u/group', { gid: below.gid })).toMatchObject({ name });
    await scene.root.ask('DELETE /u/group', { gid });
    await until('its bytes are deleted too', async () => (await filesIn(scene.platter.poolFolder)).length === 0);
  });

  it.each(INVALID_NAMES)('with %s is refused everywhere', async (_what, name) => {
    const { root } = scene;
    for (const order of [{ name }, { name: freshName('media'), type: name }]) {
      expectError(await root.call('PUT /m/media/create', { gid: 0, mpid: 1, size: 1, ...order }), 110, 400);
    }
    expectError(await root.call('PUT /u/group', { name, parent_gid: 0 }), 110, 400);
    expectError(await root.call('PUT /u/user', { name, password: 'a password' }), 110, 400);
    for (const [header, code] of [
      ['x-velocity-name', 9214],
      ['x-velocity-type', 9215],
    ] as const) {
      const order = { group: 0, name: freshName('media'), headers: { [header]: encoded(name) } };
      expectError(await root.upload(order, 'abc'), code, 400);
    }
    await expectUnharmed();
  });

  it('that is not UTF-8 is refused in headers, raw and encoded', async () => {
    for (const name of ['\xff\xfe', 'a\xc0\xafb', '\xed\xa0\x80', "UTF-8''%FF", "UTF-8''%ed%a0%80"]) {
      const bytes = upload(scene, ['Content-Length: 3']);
      for (const [header, code] of [
        ['x-velocity-name', 9214],
        ['x-velocity-type', 9215],
      ] as const) {
        const hostile = bytes.replace(new RegExp(`${header}: .*\r\n`), () => `${header}: ${name}\r\n`);
        expectError(await answerTo(scene, hostile), code, 400);
      }
    }
    await expectUnharmed();
  });

  it('longer than a header may be is refused', async () => {
    const bytes = upload(scene, ['Content-Length: 3'], 'abc', 'x'.repeat(10_000));
    expectError(await answerTo(scene, bytes), 9214, 400);
    await expectUnharmed();
  });
});

describe('A request that looks hostile and is valid', () => {
  const LIST = '{"gid":0}';

  it.each<[string, () => string]>([
    ['an absolute target', () => jsonCall(scene, 'POST http://platter/m/media/list', LIST)],
    [
      'an absolute target with repeated slashes',
      () => jsonCall(scene, 'POST HTTPS://platter:443//m//media/list/', LIST),
    ],
    ['a query', () => jsonCall(scene, 'POST /m/media/list?gid=1&__proto__[gid]=1', LIST)],
    [
      'a body in chunks',
      () =>
        request(
          'POST /m/media/list HTTP/1.1',
          [...asRoot(scene), 'Transfer-Encoding: chunked'],
          `9;x=y\r\n${LIST}\r\n0\r\n\r\n`,
        ),
    ],
    [
      'HTTP/1.0',
      () =>
        jsonCall(scene, 'POST /m/media/list', LIST).replace('HTTP/1.1', 'HTTP/1.0').replace('Host: platter\r\n', ''),
    ],
    ['an unknown expectation', () => jsonCall(scene, 'POST /m/media/list', LIST, ['Expect: the-unexpected'])],
    [
      'an upgrade request',
      () => jsonCall(scene, 'POST /m/media/list', LIST, ['Connection: Upgrade', 'Upgrade: websocket']),
    ],
    [
      '100 headers',
      () =>
        jsonCall(
          scene,
          'POST /m/media/list',
          LIST,
          Array.from({ length: 97 }, () => 'x: y'),
        ),
    ],
    ...['klingon', 'us-ascii', 'utf8', 'ISO-8859-1', 'utf-16', '"UTF-8"'].map((charset): [string, () => string] => [
      `the charset ${charset}`,
      () => jsonCall(scene, 'POST /m/media/list', LIST, [`Content-Type: application/json; charset=${charset}`]),
    ]),
    ['a malformed type', () => jsonCall(scene, 'POST /m/media/list', LIST, ['Content-Type: ;;;=/,'])],
    [
      'unknown fields',
      () => jsonCall(scene, 'POST /m/media/list', '{"gid":0,"__proto__":{"gid":1},"constructor":[],"toString":1}'),
    ],
    ['the same field twice', () => jsonCall(scene, 'POST /m/media/list', '{"gid":1,"gid":0}')],
    [
      'an authkey in the body',
      () =>
        jsonCall(scene, 'POST /m/media/list', `{"gid":0,"authkey":"${scene.root.authkey}"}`).replace(
          /Authorization.*\r\n/,
          '',
        ),
    ],
  ])('is served: %s', async (_what, bytes) => {
    expect(await answerTo(scene, bytes())).toMatchObject({ status: 200, body: { media: [] } });
  });

  it('may be a preflight of the whole server', async () => {
    const answer = await answerTo(
      scene,
      request('OPTIONS * HTTP/1.1', ['Host: platter', 'Origin: http://localhost:4200']),
    );
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
  });

  it('may be several requests on one connection, answered in order', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const gid = await makeGroup(scene);
    await connection.send(
      [
        jsonCall(scene, 'POST /m/media/list', LIST),
        jsonCall(scene, 'POST /u/group', `{"gid":${gid}}`),
        jsonCall(scene, 'POST /u/group', '{"gid":999999}'),
        jsonCall(scene, 'DELETE /u/group', `{"gid":${gid}}`),
        request('GET /healthz HTTP/1.1', ['Host: platter']),
        jsonCall(scene, 'POST /nowhere', '{}'),
      ].join(''),
    );
    expect((await connection.answer()).body).toEqual({ media: [] });
    expect((await connection.answer()).body).toMatchObject({ gid });
    expectError(await connection.answer(), 5110, 404);
    expect((await connection.answer()).status).toBe(200);
    expect((await connection.answer()).status).toBe(200);
    expectError(await connection.answer(), 111, 404);
  });
});
