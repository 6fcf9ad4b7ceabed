import { expectDocumented, expectDocumentedSomewhere } from '../../support/openapi/documented-answers.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

const held = (method: string, path: string, status: number, body: unknown, sent?: object) => (): void =>
  expectDocumented(
    { method, path, ...(sent === undefined ? {} : { body: JSON.stringify(sent) }) },
    { status, contentType: JSON_TYPE, text: body === undefined ? '' : JSON.stringify(body) },
  );

const pool = { mpid: 1, name: 'a', write: true, manage: true, quota: 0, used: 0, available: null };
const { available: _available, ...poorer } = pool;
const job = {
  children: [],
  created: '2026-01-01T00:00:00.000000+00:00',
  data: { progress: 1 },
  last_modified: '2026-01-01T00:00:00.000000+00:00',
  operation: 'drive_clone',
  resource_uri: '/api/2.0/jobs/6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e/',
  resources: [],
  state: 'started',
  uuid: '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e',
};
const denied = [{ error_type: 'permission', error_message: 'no', error_point: null }];

/** Checks the check: the tests compare every answer with the document. */
describe('An answer is as documented', () => {
  it.each<[string, () => void]>([
    ['with every field', held('POST', '/m/pool/list', 200, { pools: [pool] })],
    ['with slashes too many', held('POST', '//m/pool//list/', 200, { pools: [] })],
    ['with a code of the call', held('POST', '/m/pool/list', 403, { code: 7100, message: 'no' })],
    ['with nothing to read for a HEAD', held('HEAD', '/api/2.0/jobs', 200, undefined)],
    ['with the requested fields', held('GET', `/api/2.0/jobs/${job.uuid}/?fields=uuid`, 200, { uuid: job.uuid })],
    ['where there is no such path', held('GET', '/none', 404, { code: 111, message: 'none' })],
    ['where there is no such resource', held('GET', '/api/2.0/none/', 401, denied)],
  ])('%s', (_what, check) => expect(check).not.toThrow());

  it.each<[string, () => void]>([
    ['with a status that the call does not have', held('POST', '/m/pool/list', 409, { code: 7100, message: 'no' })],
    ['with a code of another call', held('POST', '/m/pool/list', 403, { code: 8200, message: 'no' })],
    ['without a field', held('POST', '/m/pool/list', 200, { pools: [poorer] })],
    ['with a field too many', held('POST', '/m/pool/list', 200, { pools: [{ ...pool, secret: 1 }] })],
    ['with a field of another type', held('POST', '/m/pool/list', 200, { pools: [{ ...pool, mpid: '1' }] })],
    ['with some fields where all were asked for', held('GET', `/api/2.0/jobs/${job.uuid}/`, 200, { uuid: job.uuid })],
    ['with a moment that is none', held('GET', `/api/2.0/jobs/${job.uuid}/`, 200, { ...job, created: 'today' })],
    ['with an error of another kind', held('GET', '/api/2.0/jobs/', 403, denied)],
    ['in the other dialect', held('GET', '/api/2.0/none/', 404, { code: 111, message: 'none' })],
    ['of a path that is not there', held('GET', '/none', 200, {})],
    ['with something where nothing is to be read', held('DELETE', `/api/2.0/drives/${job.uuid}/`, 204, {})],
    ['to a request that it does not allow', held('POST', '/m/pool/list', 200, { pools: [] }, { gid: -1 })],
  ])('not %s', (_what, check) => expect(check).toThrow(/^Not as documented/));

  it('not with another content type', () => {
    const answer = { status: 200, contentType: 'text/plain', text: '{"pools":[]}' };
    expect(() => expectDocumented({ method: 'POST', path: '/m/pool/list' }, answer)).toThrow('its type is text/plain');
  });

  it('if any call has it, when the call is unknown', () => {
    const somewhere = (status: number, body: unknown): (() => void) =>
      expectDocumentedSomewhere.bind(null, { status, text: JSON.stringify(body) });
    expect(somewhere(400, { code: 9212, message: 'a', error: true, reason: 'a' })).not.toThrow();
    expect(somewhere(400, { code: 9212, message: 'a' })).toThrow('No call has such an answer');
    expect(somewhere(409, { code: 9212, message: 'a', error: true, reason: 'a' })).toThrow(
      'No call has such an answer',
    );
  });
});
