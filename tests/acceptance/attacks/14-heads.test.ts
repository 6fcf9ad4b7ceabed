import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { RawConnection, type RawAnswer } from '../../support/http/raw-http.ts';
import { openScene, type Scene } from '../velocity/scene.ts';

const BASIC = `Authorization: Basic ${Buffer.from(`root:${ROOT_PASSWORD}`).toString('base64')}`;

/** A request of each kind, with its credentials and its usual status. */
const TARGETS: readonly (readonly [line: string, credentials: (scene: Scene) => readonly string[], served: number])[] =
  [
    ['POST /m/media/list', ({ root }) => [`Authorization: Bearer ${root.authkey}`], 200],
    ['GET /api/2.0/profile/', () => [BASIC], 200],
    ['GET /healthz', () => [], 200],
    ['GET /readyz', () => [], 200],
    ['GET /openapi.json', () => [], 200],
    ['GET /nowhere', () => [], 404],
    ['GET /api/2.0/nowhere/', () => [BASIC], 404],
  ];

const MANY = Array.from({ length: 300 }, (_, index) => `x-${index}: x`);

/** Ambiguous or excessive heads, with the status of the answer. */
const HEADS: readonly (readonly [what: string, version: string, lines: readonly string[], status: number])[] = [
  ['300 headers', '1.1', ['Host: platter', ...MANY], 400],
  ['no host', '1.1', [], 400],
  ['two hosts', '1.1', ['Host: platter', 'Host: elsewhere'], 400],
  ['two authorizations', '1.1', ['Host: platter', 'Authorization: Bearer a', 'Authorization: Bearer b'], 400],
  ['a coding before chunked', '1.1', ['Host: platter', 'Transfer-Encoding: gzip, chunked'], 501],
  ['chunked before a coding', '1.1', ['Host: platter', 'Transfer-Encoding: chunked, gzip'], 400],
  ['a coding alone', '1.1', ['Host: platter', 'Transfer-Encoding: gzip'], 400],
  ['chunks of HTTP/1.0', '1.0', ['Host: platter', 'Transfer-Encoding: chunked'], 400],
];

let scene: Scene;
beforeAll(async () => (scene = await openScene()));

async function answerTo(lines: readonly string[]): Promise<RawAnswer> {
  const connection = await RawConnection.open(scene.platter.url);
  await connection.send([...lines, '', ''].join('\r\n'));
  const answer = await connection.answer();
  connection.hangUp();
  return answer;
}

describe.each(TARGETS)('A request for %s', (line, credentials, served) => {
  it.each(HEADS)('with %s is refused in its dialect', async (_what, version, lines, status) => {
    const answer = await answerTo([`${line} HTTP/${version}`, ...lines, ...credentials(scene)]);
    const inCloudsigma = line.includes('/api/2.0/');
    const fault = inCloudsigma
      ? [{ error_type: status === 501 ? 'backend' : 'validation' }]
      : { code: status === 501 ? 200 : 110 };
    expect([answer.status, answer.body]).toMatchObject([status, fault]);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('is served with a valid head', async () => {
    const body = line.startsWith('POST') ? ['Content-Length: 9'] : [];
    const lines = [`${line} HTTP/1.1`, 'Host: platter', ...credentials(scene), ...body, '', '{"gid":0}'];
    const connection = await RawConnection.open(scene.platter.url);
    await connection.send((body.length === 0 ? [...lines.slice(0, -1), ''] : lines).join('\r\n'));
    expect((await connection.answer()).status).toBe(served);
  });
});
