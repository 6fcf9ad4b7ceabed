/**
 * Names that are special in paths, shells, headers or queries. Platter treats them as plain text.
 */
export const PLAIN_NAMES: readonly string[] = [
  '.',
  '..',
  '../../../etc/passwd',
  '/etc/passwd',
  '..\\..\\windows',
  'C:\\boot.ini',
  'con',
  '.platter-pool.json',
  '.partial-00000000-0000-4000-8000-000000000000',
  '00000000-0000-4000-8000-000000000000',
  '%2e%2e%2f%00',
  '$(reboot)`reboot`',
  "'; drop table media; --",
  '"quoted" \\ and back',
  '<script>alert(1)</script>',
  '__proto__',
  '{"name":1}',
  '?',
  'naïve 漢字 🐘',
  'e\u0301',
  ' spaces around ',
  'a, b; c=d',
  'x'.repeat(255),
  '🐘'.repeat(63),
];

/** Invalid names: empty, too long, or with invisible or bidirectional control characters. */
export const INVALID_NAMES: readonly (readonly [what: string, name: string])[] = [
  ['no characters', ''],
  ['a NUL', 'a\u0000b'],
  ['a tab', 'a\tb'],
  ['an end of line', 'a\r\nb'],
  ['an escape', 'a\u001b[2Jb'],
  ['DEL', 'a\u007fb'],
  ['a control character beyond ASCII', 'a\u0085b'],
  ['a right-to-left override', 'a\u202eb'],
  ['an isolate', 'a\u2066b'],
  ['a mark of direction', 'a\u200fb'],
  ['256 bytes', 'x'.repeat(256)],
  ['64 elephants', '🐘'.repeat(64)],
  ['10,000 characters', 'x'.repeat(10_000)],
];
