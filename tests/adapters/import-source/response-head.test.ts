import { announcedBytes } from '../../../src/adapters/import-source/response-head.ts';
import { retryAfterSeconds } from '../../../src/adapters/import-source/retry-after.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { isDomainError } from '../../../src/domain/shared/domain-error.ts';

const TAG = '"abc"';
const MODIFIED = 'Tue, 01 Dec 2026 02:00:00 GMT';
const LATER = 'Tue, 01 Dec 2026 02:01:00 GMT';
const KNOWN = { from: bytes(40), validator: TAG };

type Headers = Readonly<Record<string, string>>;

function announced(statusCode: number, headers: Headers, known: typeof KNOWN | null = null): unknown {
  try {
    return announcedBytes({ statusCode, headers }, known);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const { code, detail } = error;
    return detail === undefined ? code : { code, ...detail };
  }
}

const refused = (status: number, fault?: string): unknown =>
  fault === undefined ? { code: 'source-refused', status } : { code: 'source-refused', status, fault };

describe('announcedBytes', () => {
  const length = { 'content-length': '100' };

  it('has the length and a strong validator', () => {
    const whole = { start: 0, end: 100, length: 100, validator: TAG };
    expect(announced(200, { ...length, etag: TAG })).toEqual(whole);
    expect(announced(200, { 'transfer-encoding': 'chunked' })).toEqual({
      start: 0,
      end: null,
      length: null,
      validator: null,
    });
    expect(announced(200, { 'content-length': '0' })).toMatchObject({ length: 0 });
  });

  it.each<[string, Headers, string | null]>([
    ['a strong tag', { etag: TAG, 'last-modified': MODIFIED, date: LATER }, TAG],
    ['a weak tag', { etag: 'W/"abc"' }, null],
    ['a weak tag beside a date', { etag: 'W/"abc"', 'last-modified': MODIFIED, date: LATER }, MODIFIED],
    ['a tag without quotes', { etag: 'abc' }, null],
    ['a tag with a quote in it', { etag: '"a"b"' }, null],
    ['a tag that is too long', { etag: `"${'a'.repeat(511)}"` }, null],
    ['a date a minute ago', { 'last-modified': MODIFIED, date: LATER }, MODIFIED],
    ['a date just now', { 'last-modified': MODIFIED, date: MODIFIED }, null],
    ['a date without the time of the server', { 'last-modified': MODIFIED }, null],
    ['a date in another format', { 'last-modified': '2026-12-01', date: LATER }, null],
  ])('takes from %s the validator', (_kind, headers, validator) => {
    expect(announced(200, { ...length, ...headers })).toMatchObject({ validator });
  });

  it.each(['gzip', 'br', 'GZIP', 'identity, gzip', 'x'])('refuses the coding %s', (coding) => {
    expect(announced(200, { ...length, 'content-encoding': coding })).toEqual(refused(200, 'encoded'));
  });

  it('accepts a coding that is none', () => {
    expect(announced(200, { ...length, 'content-encoding': 'identity' })).toMatchObject({ length: 100 });
    expect(announced(200, { ...length, 'content-encoding': '' })).toMatchObject({ length: 100 });
  });

  it('refuses bodies without a mark of their end, and other codings of transfer', () => {
    expect(announced(200, {})).toEqual(refused(200, 'endless'));
    expect(announced(200, { 'transfer-encoding': 'gzip, chunked' })).toEqual(refused(200, 'encoded'));
  });

  it.each(['-1', '1e3', '1.5', '0x10', '', '99999999999999999', '9007199254740992'])(
    'refuses the length %j',
    (text) => {
      expect(announced(200, { 'content-length': text })).toEqual(refused(200, 'malformed'));
    },
  );

  it.each([201, 204, 300, 304, 400, 401, 403, 404, 410, 451, 501, 505, 0, 999])('refuses the status %i', (status) => {
    expect(announced(status, length)).toEqual(refused(status));
  });

  describe('behind known bytes', () => {
    const rest = { 'content-range': 'bytes 40-99/100', 'content-length': '60', etag: TAG };

    it('begins there', () => {
      expect(announced(206, rest, KNOWN)).toEqual({ start: 40, end: 100, length: 100, validator: TAG });
    });

    it('accepts a response that does not repeat the validator, and a part of the rest', () => {
      const { etag: _etag, ...others } = rest;
      expect(announced(206, others, KNOWN)).toMatchObject({ start: 40, validator: TAG });
      const part = { 'content-range': 'bytes 40-49/100', 'content-length': '10' };
      expect(announced(206, part, KNOWN)).toEqual({ start: 40, end: 50, length: 100, validator: TAG });
      const unknown = { 'content-range': 'bytes 40-99/*', 'transfer-encoding': 'chunked' };
      expect(announced(206, unknown, KNOWN)).toEqual({ start: 40, end: 100, length: null, validator: TAG });
    });

    it('begins at the first byte if the source ignores the range', () => {
      expect(announced(200, { ...length, etag: TAG }, KNOWN)).toMatchObject({ start: 0, end: 100, validator: TAG });
    });

    it.each<[string, number, Headers]>([
      ['another tag', 200, { ...length, etag: '"def"' }],
      ['another tag in a part', 206, { ...rest, etag: '"def"' }],
      ['the tag as a weak one', 200, { ...length, etag: `W/${TAG}` }],
      ['no tag', 200, length],
      ['a date in the place of the tag', 200, { ...length, 'last-modified': MODIFIED, date: LATER }],
      ['an end before the known bytes', 416, { 'content-range': 'bytes */20' }],
    ])('has changed with %s', (_kind, status, headers) => {
      expect(announced(status, headers, KNOWN)).toBe('source-changed');
    });

    it('compares dates', () => {
      const known = { from: bytes(40), validator: MODIFIED };
      expect(announced(206, { ...rest, 'last-modified': MODIFIED }, known)).toMatchObject({ validator: MODIFIED });
      expect(announced(206, { ...rest, 'last-modified': LATER }, known)).toBe('source-changed');
      expect(announced(200, { ...length, 'last-modified': MODIFIED }, known)).toMatchObject({ validator: MODIFIED });
    });

    it.each<[string, Headers]>([
      ['before them', { 'content-range': 'bytes 0-99/100', 'content-length': '100' }],
      ['behind a gap', { 'content-range': 'bytes 41-99/100', 'content-length': '59' }],
      ['with another number of bytes', { 'content-range': 'bytes 40-99/100', 'content-length': '61' }],
      ['beyond the end', { 'content-range': 'bytes 40-100/100', 'content-length': '61' }],
      ['backwards', { 'content-range': 'bytes 40-30/100', 'content-length': '0' }],
      ['without a range', { 'content-length': '60' }],
      ['in other units', { 'content-range': 'lines 40-99/100', 'content-length': '60' }],
      ['in several parts', { 'content-type': 'multipart/byteranges; boundary=a', 'content-length': '60' }],
      ['without a size that fits', { 'content-range': 'bytes 40-9007199254740991/*', 'transfer-encoding': 'chunked' }],
    ])('refuses a part %s', (_kind, headers) => {
      expect(announced(206, headers, KNOWN)).toEqual(refused(206, 'malformed'));
    });
  });

  it('refuses a part that was not requested', () => {
    expect(announced(206, { 'content-range': 'bytes 0-99/100', ...length })).toEqual(refused(206, 'malformed'));
    expect(announced(416, {})).toEqual(refused(416));
  });
});

describe('retryAfterSeconds', () => {
  it.each<[Headers, number | null]>([
    [{}, null],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '120' }, 120],
    [{ 'retry-after': '9999999999' }, 86_400],
    [{ 'retry-after': LATER, date: MODIFIED }, 60],
    [{ 'retry-after': MODIFIED, date: LATER }, 0],
    [{ 'retry-after': LATER }, null],
    [{ 'retry-after': 'soon', date: LATER }, null],
  ])('reads %j as %p', (headers, seconds) => {
    expect(retryAfterSeconds(headers)).toBe(seconds);
  });
});
