import { CLOUDSIGMA } from '../../../src/adapters/http/cloudsigma/openapi/dialect.ts';
import { VELOCITY } from '../../../src/adapters/http/velocity/openapi/dialect.ts';
import { freshName } from '../../support/http/client.ts';
import { CLOUDSIGMA_REQUESTS, VELOCITY_REQUESTS, type Fill } from './matrix-requests.ts';
import { MatrixStage, ROLES, type Asker } from './matrix-stage.ts';
import { CLOUDSIGMA_TABLE, VELOCITY_TABLE, type Outcome, type Row } from './matrix-table.ts';

const ROOT = '/api/2.0';

/** The calls that the OpenAPI document has, which are those of the routers. */
function callsOf(calls: object): readonly string[] {
  return Object.keys(calls).map((call) => call.replace(` ${ROOT}`, ' ').replace(/\/$/, ''));
}

/** Sends what an operation needs; resolves to the status. */
type Send = (operation: string, asker: Asker, stage: MatrixStage) => Promise<number>;

const askVelocity: Send = async (operation, { client }, stage) => {
  if (operation === 'PUT /m/media/upload')
    return (await client.upload({ group: stage.gid, name: freshName('item') }, 'bytes')).status;
  const { id, body } = await VELOCITY_REQUESTS[operation]!(stage);
  if (id !== undefined) return (await client.read(id)).status;
  return (await client.call(operation, body)).status;
};

const askCloudsigma: Send = async (operation, { cloud }, stage) => {
  const fill: Fill | undefined = CLOUDSIGMA_REQUESTS[operation];
  const { id = '', query = '', body } = fill === undefined ? {} : await fill(stage);
  const call = `${operation.replace('{uuid}', id).replace('{file_name}', 'image.raw')}/${query}`;
  if (operation.startsWith('POST /drives/upload')) return (await cloud.send(call, 'bytes')).status;
  return (await cloud.call(call, body)).status;
};

const DIALECTS: readonly (readonly [
  dialect: string,
  calls: readonly string[],
  table: Readonly<Record<string, Row>>,
  send: Send,
])[] = [
  ['Velocity', callsOf(VELOCITY.calls), VELOCITY_TABLE, askVelocity],
  ['CloudSigma', callsOf(CLOUDSIGMA.calls), CLOUDSIGMA_TABLE, askCloudsigma],
];

describe.each(DIALECTS)('Who may call what of %s', (_dialect, calls, table, send) => {
  let stage: MatrixStage;
  beforeAll(async () => (stage = await MatrixStage.open()));

  it('stands in a table that has each call, and no other', () => {
    expect(Object.keys(table).sort()).toEqual([...calls].sort());
  });

  it.each(Object.entries(table))('%s', async (operation, { rights, outcomes }) => {
    const found: Outcome[] = [];
    for (const role of ROLES) found.push(outcomeOf(await send(operation, await stage.asker(role, rights), stage)));
    expect(found).toEqual(outcomes);
  });
});

function outcomeOf(status: number): Outcome {
  return status < 300 ? 'ok' : status;
}
