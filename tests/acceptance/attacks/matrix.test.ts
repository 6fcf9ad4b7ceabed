import { CLOUDSIGMA } from '../../../src/adapters/http/cloudsigma/openapi/dialect.ts';
import { TUS } from '../../../src/adapters/http/tus/openapi.ts';
import { VELOCITY } from '../../../src/adapters/http/velocity/openapi/dialect.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { freshName } from '../../support/http/client.ts';
import { CLOUDSIGMA_REQUESTS, VELOCITY_REQUESTS, type PrepareRequest } from './matrix-requests.ts';
import { MatrixFixture, ROLES, type RoleClients } from './matrix-fixture.ts';
import { CLOUDSIGMA_TABLE, TUS_TABLE, VELOCITY_TABLE, type Outcome, type RoleOutcomes } from './matrix-table.ts';

const ROOT = '/api/2.0';

/** Returns the calls of the OpenAPI document, which match the routers. */
function callsOf(calls: object): readonly string[] {
  return Object.keys(calls).map((call) => call.replace(` ${ROOT}`, ' ').replace(/\/$/, ''));
}

/** Prepares and sends a call; resolves to its status. */
type Send = (operation: string, asker: RoleClients, fixture: MatrixFixture) => Promise<number>;

const askVelocity: Send = async (operation, { client }, fixture) => {
  if (operation === 'PUT /m/media/upload')
    return (await client.upload({ group: fixture.gid, name: freshName('item') }, 'bytes')).status;
  const { id, body } = await VELOCITY_REQUESTS[operation]!(fixture);
  if (id !== undefined) return (await client.read(id)).status;
  return (await client.call(operation, body)).status;
};

const askCloudsigma: Send = async (operation, { cloud }, fixture) => {
  const fill: PrepareRequest | undefined = CLOUDSIGMA_REQUESTS[operation];
  const { id = '', query = '', body, raw } = fill === undefined ? {} : await fill(fixture);
  const call = `${operation.replace(/\{(?:uuid|token)\}/, id).replace('{file_name}', 'image.raw')}/${query}`;
  if (operation.startsWith('POST /drives/upload')) return (await cloud.send(call, 'bytes')).status;
  if (raw !== undefined) return (await cloud.send(call, raw.content, { 'content-type': raw.type })).status;
  return (await cloud.call(call, body)).status;
};

/** Each call is about a fresh upload of root, which ends with the call. */
const askTus: Send = async (operation, { client }, fixture) => {
  const [root, asker] = [TusRequests.by(fixture.scene.root), TusRequests.by(client)];
  const metadata = { filename: freshName('upload'), group: String(fixture.gid) };
  if (operation.startsWith('POST')) {
    const { status, headers } = await asker.create(5, metadata);
    if (headers.location !== undefined) await root.remove(headers.location);
    return status;
  }
  const location = await root.created(5, metadata);
  const { status } = operation.startsWith('PATCH')
    ? await asker.patch(location, 0, 'x')
    : await asker.ask(operation.split(' ')[0]!, location);
  await root.remove(location);
  return status;
};

const DIALECTS: readonly (readonly [
  dialect: string,
  calls: readonly string[],
  table: Readonly<Record<string, RoleOutcomes>>,
  send: Send,
])[] = [
  ['Velocity', callsOf(VELOCITY.calls), VELOCITY_TABLE, askVelocity],
  ['CloudSigma', callsOf(CLOUDSIGMA.calls), CLOUDSIGMA_TABLE, askCloudsigma],
  ['tus', callsOf(TUS.calls), TUS_TABLE, askTus],
];

describe.each(DIALECTS)('The permission matrix of %s', (_dialect, calls, table, send) => {
  let fixture: MatrixFixture;
  beforeAll(async () => (fixture = await MatrixFixture.open()));
  afterAll(async () => fixture.endUploads());

  it('has each call, and no other', () => {
    expect(Object.keys(table).sort()).toEqual([...calls].sort());
  });

  it.each(Object.entries(table))('%s', async (operation, { rights, outcomes }) => {
    const found: Outcome[] = [];
    for (const role of ROLES) found.push(outcomeOf(await send(operation, await fixture.asker(role, rights), fixture)));
    expect(found).toEqual(outcomes);
  });
});

function outcomeOf(status: number): Outcome {
  return status < 300 ? 'ok' : status;
}
