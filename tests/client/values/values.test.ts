import { CommandFailure } from '../../../src/client/command-failure.ts';
import { formatDuration, parseDuration } from '../../../src/client/values/durations.ts';
import { printable } from '../../../src/client/values/printable.ts';
import { formatSize, parseSize } from '../../../src/client/values/sizes.ts';
import { parseTime } from '../../../src/client/values/times.ts';

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['700000000', 700_000_000],
    ['512B', 512],
    ['10G', 10 * 2 ** 30],
    ['10g', 10 * 2 ** 30],
    ['10GiB', 10 * 2 ** 30],
    ['10GB', 10_000_000_000],
    ['1.5TiB', 1.5 * 2 ** 40],
    ['1.5 kb', 1500],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '-1', '1e9', '10X', 'G', '0x10', '99999999T'])('refuses "%s"', (text) => {
    expect(() => parseSize(text)).toThrow(CommandFailure);
  });
});

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1.5 * 2 ** 30, '1.50 GiB'],
    [15 * 2 ** 30, '15.0 GiB'],
    [999 * 2 ** 20, '999 MiB'],
  ])('shows %d bytes in three digits', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe('parseDuration', () => {
  it.each([
    ['90s', 90],
    ['2h', 7200],
    ['7d', 604_800],
    ['1h30m', 5400],
    ['1w', 604_800],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '0s', '2', 'h', '2 h', '2h,', '-1h', '1y'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(CommandFailure);
  });
});

describe('formatDuration', () => {
  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [273_600, '3 d 4 h'],
  ])('shows %d seconds', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('printable', () => {
  it('escapes what a terminal could execute or reorder', () => {
    expect(printable('a\u001b[2Jb\n\u202Ec')).toBe(String.raw`a\u001b[2Jb\u000a\u202ec`);
    expect(printable('Größe 漢字 🙂')).toBe('Größe 漢字 🙂');
  });
});

describe('parseTime', () => {
  const now = new Date('2026-03-01T12:00:00Z');

  it.each([
    ['2h', '2026-03-01T10:00:00.000Z'],
    ['1d12h', '2026-02-28T00:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00Z'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123456Z'],
    ['2026-01-31T12:00+02:00', '2026-01-31T12:00+02:00'],
  ])('reads %s', (text, time) => {
    expect(parseTime(text, now)).toBe(time);
  });

  it.each(['', 'yesterday', '2026-13-01', '2026-01-31T12:00:00', '2'])('refuses "%s"', (text) => {
    expect(() => parseTime(text, now)).toThrow(CommandFailure);
  });
});
