import { PROTOCOL_ERRORS, ERROR_CODES } from '../../../src/adapters/http/cloudsigma/errors.ts';
import { canMount } from '../velocity/small-filesystem.ts';
import { openCloud, type CloudScene } from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';
import type { Row } from './provocation.ts';
import { ONE_POOL, POSSIBLE, PUBLISHED } from './provocations.ts';

const OTHER_DIALECT = 'only Velocity has a call with this failure';

/** Rows that no request meets, with the reason. */
const UNREACHABLE: Partial<Readonly<Record<Row, string>>> = {
  'authkey-unknown': OTHER_DIALECT,
  'authkey-expired': OTHER_DIALECT,
  'permission-above-own': OTHER_DIALECT,
  'permission-not-found': OTHER_DIALECT,
  protected: OTHER_DIALECT,
  'group-protected': OTHER_DIALECT,
  'link-not-found': OTHER_DIALECT,
  'home-group-forbidden': OTHER_DIALECT,
  'root-rights-fixed': OTHER_DIALECT,
  'user-name-taken': OTHER_DIALECT,
  'group-name-taken': OTHER_DIALECT,
  'groups-too-deep': OTHER_DIALECT,
  'password-invalid': OTHER_DIALECT,
  'job-ended': OTHER_DIALECT,
  'token-not-found': OTHER_DIALECT,
  'scope-missing': OTHER_DIALECT,
  'unknown-upload': OTHER_DIALECT,
  'upload-gone': 'the drive would have to be deleted while a chunk arrives',
  'upload-offset-mismatch': OTHER_DIALECT,
  'upload-locked': 'another process would have to receive the chunk, and to hang',
  'upload-verifying': OTHER_DIALECT,
  'idempotency-key-busy': OTHER_DIALECT,
  'idempotency-key-reused': OTHER_DIALECT,
  'imports-off': OTHER_DIALECT,
  'length-required': OTHER_DIALECT,
  'source-refused': OTHER_DIALECT,
  'source-unreachable': OTHER_DIALECT,
  'source-changed': OTHER_DIALECT,
  'source-cut-off': OTHER_DIALECT,
  'source-too-large': OTHER_DIALECT,
  'checksum-not-found': OTHER_DIALECT,
  'checksum-differs': OTHER_DIALECT,
  'import-expired': OTHER_DIALECT,
  'url-invalid': OTHER_DIALECT,
  'checksum-mismatch': OTHER_DIALECT,
  'user-not-found': 'the caller was authenticated just before',
  'pool-not-found': 'drives are placed only in existing pools',
  'name-invalid': 'the schema of the body checks names first',
  'media-name-taken': 'other requests would have to take the name three times in a row',
  'body-cut-off': 'the client has disconnected',
  'body-too-short': 'a body with a length is complete or cut off',
  'body-too-long': 'bytes after a body with a length are the next request',
  ...(canMount ? {} : { 'no-space': 'this host does not allow to mount a small filesystem' }),
};

const TYPES = ['validation', 'permission', 'notexist', 'concurrency', 'billing', 'backend', 'database'];

/** The statuses of each type, and those of HTTP itself (docs/cloudsigma.md#manners). */
const STATUSES: Readonly<Record<string, readonly number[]>> = {
  validation: [400, 405, 406, 408, 412, 413, 415, 416],
  permission: [401, 403, 429],
  notexist: [404],
  concurrency: [409, 503],
  billing: [402],
  backend: [500, 501, 503, 507],
  database: [503],
};

describe('The table of errors', () => {
  it('is tested row by row, except for rows that cannot be provoked', () => {
    const provoked = new Set<string>(POSSIBLE.map(([row]) => row));
    const explained = Object.keys(UNREACHABLE);
    expect(explained.filter((row) => provoked.has(row))).toEqual([]);
    const rows = [...Object.keys(ERROR_CODES), ...Object.keys(PROTOCOL_ERRORS)];
    expect([...provoked, ...explained].sort()).toEqual(rows.sort());
  });

  it('has every type, with the statuses of the type', () => {
    expect(new Set(POSSIBLE.map(([, type]) => type))).toEqual(new Set(TYPES));
    const rows = [...Object.values(ERROR_CODES), ...Object.values(PROTOCOL_ERRORS)];
    for (const [type, status] of rows) expect(STATUSES[type]).toContain(status);
  });
});

let scene: CloudScene;
beforeAll(async () => {
  const library = await libraryFile([{ name: 'Harbour', uuid: PUBLISHED }]);
  scene = await openCloud({ poolsFile: ONE_POOL, env: { PLATTER_LIBRARY_FILE: library } });
  await untilReady(scene.platter);
});

describe('An error', () => {
  it.each(POSSIBLE)('%s is %s %i, saying %s, when %s', async (_row, type, status, says, _when, provoke) => {
    const { status: answered, headers, body } = await provoke(scene);
    const faults = body as { error_type: string; error_message: string; error_point: string | null }[];
    expect([answered, faults]).toEqual([status, expect.any(Array)]);
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) {
      const point = fault.error_point === null ? null : (expect.any(String) as string);
      expect(fault).toEqual({
        error_type: type,
        error_message: expect.stringMatching(says) as string,
        error_point: point,
      });
    }
    expect(headers['content-type']).toMatch(/^application\/json\b/);
    if (status === 401) expect(headers['www-authenticate']).toMatch(/^Basic realm="/);
    if (status === 405) expect(headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    if (status === 429 || status === 503) expect(headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
  });
});
