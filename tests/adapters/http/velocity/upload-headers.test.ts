import type { Request } from 'express';
import { parseUploadHeaders, UploadHeaderError } from '../../../../src/adapters/http/velocity/m/upload-headers.ts';
import type { UploadOrder } from '../../../../src/application/media/upload-media.ts';
import { RequestError } from '../../../../src/adapters/http/shared/request-error.ts';
import { PROTOCOL_ERRORS, UPLOAD_HEADERS, type ErrorCode } from '../../../../src/adapters/http/velocity/errors.ts';

const GOOD = {
  'content-length': '700',
  'x-velocity-mpid': '1',
  'x-velocity-gid': '2',
  'x-velocity-name': 'debian.iso',
  'x-velocity-type': 'ISO',
  'x-velocity-readonly': 'true',
};
const [ONE, TWO] = [1, 2].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer];
type Headers = Readonly<Record<string, string | undefined>>;

/** Returns a request with these headers; the one that `twice` names is sent twice. */
function requestWith(headers: Headers, twice?: string): Request {
  const headersDistinct = Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([header, value]) => [header, header === twice ? [value, value] : [value]] as const);
  return { headersDistinct: Object.fromEntries(headersDistinct) } as unknown as Request;
}

function parse(headers: Headers, twice?: string): UploadOrder {
  return parseUploadHeaders(requestWith(headers, twice));
}

function codeOf(headers: Headers, twice?: string): number {
  try {
    parse(headers, twice);
  } catch (error) {
    const { row, message } = failureOf(error);
    expect(row[1]).toBe(400);
    expect(message.length).toBeGreaterThan(0);
    return row[0];
  }
  throw new Error('nothing was wrong');
}

function failureOf(error: unknown): { readonly row: ErrorCode; readonly message: string } {
  expect(error).toBeInstanceOf(RequestError);
  const { message } = error as RequestError;
  return {
    row: error instanceof UploadHeaderError ? UPLOAD_HEADERS[error.header] : PROTOCOL_ERRORS.malformed,
    message,
  };
}

describe('parseUploadHeaders', () => {
  it('reads the headers of an upload, and ignores others', () => {
    expect(parse({ ...GOOD, 'file-name': 'other', 'content-type': 'text/plain' })).toEqual({
      size: 700,
      pool: 1,
      group: 2,
      name: 'debian.iso',
      type: 'ISO',
      readOnly: true,
      sha256: [],
    });
    expect(parse({ ...GOOD, 'x-velocity-readonly': 'false', 'content-length': '0' })).toMatchObject({
      size: 0,
      readOnly: false,
    });
  });

  it('reads names in Unicode, either way', () => {
    expect(parse({ ...GOOD, 'x-velocity-name': Buffer.from('Größe').toString('latin1') }).name).toBe('Größe');
    expect(parse({ ...GOOD, 'x-velocity-name': "UTF-8''Gr%C3%B6%C3%9Fe" }).name).toBe('Größe');
  });

  it.each([
    ['content-length', 9210, ['', '-1', '1.5', '0x10', 'many', '9007199254740993', '1, 1']],
    ['x-velocity-mpid', 9212, ['', '-1', 'one', '9007199254740992']],
    ['x-velocity-gid', 9213, ['', '-0', '1 2']],
    ['x-velocity-name', 9214, ['', '\u00f6', "UTF-8''%00", "UTF-8''", 'a'.repeat(256), "UTF-8''a%E2%80%AEb"]],
    ['x-velocity-type', 9215, ['', '\u00ff', "UTF-8''%0A"]],
    ['x-velocity-readonly', 9216, ['', 'TRUE', '1', 'yes', 'true ']],
  ])('answers for %s with %i', (header, code, wrong) => {
    for (const value of [undefined, ...wrong]) expect(codeOf({ ...GOOD, [header]: value })).toBe(code);
    expect(codeOf(GOOD, header)).toBe(code);
  });

  it('checks them in the order of their codes', () => {
    let headers: Headers = {};
    for (const [header, value] of Object.entries(GOOD)) {
      const expected = { 'content-length': 9210, 'x-velocity-mpid': 9212, 'x-velocity-gid': 9213 }[header];
      if (expected !== undefined) expect(codeOf(headers)).toBe(expected);
      headers = { ...headers, [header]: value };
    }
    expect(parse(headers).name).toBe('debian.iso');
  });

  describe('takes digests', () => {
    const member = (digest: Buffer): string => `sha-256=:${digest.toString('base64')}:`;
    const hex = (...digests: readonly Buffer[]): string[] => digests.map((digest) => digest.toString('hex'));

    it.each<[string, Headers, readonly string[]]>([
      ['of the representation', { 'repr-digest': member(ONE) }, hex(ONE)],
      ['of the content', { 'content-digest': member(ONE) }, hex(ONE)],
      ['in hexadecimal', { 'x-velocity-sha256': ONE.toString('hex') }, hex(ONE)],
      ['in hexadecimal of any case', { 'x-velocity-sha256': 'aB'.repeat(32) }, ['ab'.repeat(32)]],
      ['beside other algorithms', { 'repr-digest': `md5=:AA==:, ${member(ONE)}, unixsum=:AA==:` }, hex(ONE)],
      ['of other algorithms for none', { 'repr-digest': 'sha-512=:AA==:', 'content-digest': 'md5=:AA==:' }, []],
      [
        'in all forms at once, also contradicting ones',
        { 'repr-digest': member(ONE), 'content-digest': member(TWO), 'x-velocity-sha256': ONE.toString('hex') },
        hex(ONE, TWO, ONE),
      ],
    ])('%s', (_what, headers, digests) => {
      expect(parse({ ...GOOD, ...headers }).sha256).toEqual(digests);
    });

    it('from each of several x-velocity-sha256', () => {
      const headers = { ...GOOD, 'x-velocity-sha256': ONE.toString('hex') };
      expect(parse(headers, 'x-velocity-sha256').sha256).toEqual(hex(ONE, ONE));
    });

    it.each(['repr-digest', 'content-digest'])('from several lines of %s as from one', (header) => {
      expect(parse({ ...GOOD, [header]: member(ONE) }, header).sha256).toEqual(hex(ONE));
      expect(parse({ ...GOOD, [header]: '' }, header).sha256).toEqual([]);
    });

    it.each<[string, readonly string[]]>([
      ['repr-digest', ['sha-256', 'sha-256=:AAAA:', `${member(ONE)},`, ONE.toString('hex'), `${member(ONE)};`]],
      ['content-digest', [',', `sha-256=${ONE.toString('base64')}`, member(ONE).toUpperCase()]],
      ['x-velocity-sha256', ['', 'abc', 'x'.repeat(64), `${ONE.toString('hex')}00`, ` ${ONE.toString('hex')}`]],
    ])('from no malformed %s', (header, wrong) => {
      for (const value of wrong) expect(codeOf({ ...GOOD, [header]: value })).toBe(110);
    });

    it('only after all other headers are valid', () => {
      expect(codeOf({ ...GOOD, 'x-velocity-readonly': 'yes', 'repr-digest': 'none' })).toBe(9216);
    });
  });
});
