import { bytes } from '../shared/bytes.ts';
import { DomainError } from '../shared/domain-error.ts';
import { HEX_DIGITS, type Checksum, type ImportChecksumAlgorithm } from './checksum.ts';
import { pathOf } from './import-url.ts';

/** The largest file of checksums that is read, in bytes. */
export const MAX_CHECKSUM_FILE_BYTES = bytes(1024 * 1024);

interface Entry extends Checksum {
  /** Empty for a file that has nothing but a digest. */
  readonly path: readonly string[];
}

const SIGNED_BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE_BEGIN = '-----BEGIN PGP SIGNATURE-----';
/** As `sha256sum` writes it: a star before the name says that the file was read as binary. */
const GNU = /^(\\?)([0-9a-fA-F]+)(?: [ *]|\t+)(.+)$/;
/** As `sha256sum --tag` and the BSDs write it. */
const BSD = /^(\\?)(SHA256|SHA512) ?\((.+)\) ?= ?([0-9a-fA-F]+)$/;
const BARE = /^[0-9a-fA-F]+$/;

/**
 * Returns the checksum of the file at `url` in a file of checksums, by its name. Of several files
 * of this name it is the one whose path is like the end of the URL. SHA-256 before SHA-512. A file
 * with one checksum whose own name begins with that of `url` (`image.iso.sha256`) need not name it:
 * `image-current.iso` may be another name of the file that it names.
 *
 * @throws DomainError `checksum-not-found` when the file names no checksum for it, or two
 */
export function findChecksum(text: string, url: string, checksumUrl: string): Checksum {
  const path = pathOf(url);
  const name = path.at(-1) ?? '';
  const lines = signedLines(text).filter((line) => line !== '');
  const entries = lines.map((line) => entryOf(line)).filter((entry) => entry !== null);
  const [only] = entries;
  if (lines.length === 1 && only?.path.length === 0) return { algorithm: only.algorithm, value: only.value };
  const named = entries.filter((entry) => name !== '' && entry.path.at(-1) === name);
  if (named.length === 0 && only !== undefined && entries.length === 1 && isNamedFor(name, checksumUrl)) {
    return { algorithm: only.algorithm, value: only.value };
  }
  const longest = Math.max(...named.map((entry) => commonEnd(entry.path, path)));
  const nearest = named.filter((entry) => commonEnd(entry.path, path) === longest);
  for (const algorithm of ['sha256', 'sha512'] as const) {
    const found = nearest.filter((entry) => entry.algorithm === algorithm);
    const values = new Set(found.map(({ value }) => value));
    if (values.size > 1) throw new DomainError('checksum-not-found', { reason: 'ambiguous' });
    for (const value of values) return { algorithm, value };
  }
  throw new DomainError('checksum-not-found', { reason: 'missing' });
}

function isNamedFor(name: string, checksumUrl: string): boolean {
  return name !== '' && (pathOf(checksumUrl).at(-1) ?? '').startsWith(`${name}.`);
}

/** Returns the lines of a file; of one with a signature in it, those that are signed. */
function signedLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const begin = lines.indexOf(SIGNED_BEGIN);
  if (begin < 0) return lines;
  const body = lines.slice(lines.indexOf('', begin) + 1);
  const end = body.indexOf(SIGNATURE_BEGIN);
  return body.slice(0, end < 0 ? body.length : end).map((line) => (line.startsWith('- ') ? line.slice(2) : line));
}

function entryOf(line: string): Entry | null {
  if (BARE.test(line)) return checked(line, []);
  const [, gnuEscape, gnuValue, gnuName] = GNU.exec(line) ?? [];
  if (gnuValue !== undefined && gnuName !== undefined) return checked(gnuValue, segments(gnuName, gnuEscape));
  const [, escape, algorithm, name, value] = BSD.exec(line) ?? [];
  if (algorithm === undefined || name === undefined || value === undefined) return null;
  const entry = checked(value, segments(name, escape));
  return entry?.algorithm === algorithm.toLowerCase() ? entry : null;
}

/** The length of a digest tells its algorithm. */
function checked(value: string, path: readonly string[]): Entry | null {
  const algorithms = Object.keys(HEX_DIGITS) as ImportChecksumAlgorithm[];
  const algorithm = algorithms.find((one) => HEX_DIGITS[one] === value.length);
  return algorithm === undefined ? null : { algorithm, value: value.toLowerCase(), path };
}

/** `sha256sum` escapes names with line breaks and backslashes, and begins such a line with one. */
function segments(name: string, escape: string | undefined): readonly string[] {
  const plain = escape === '\\' ? name.replace(/\\([\\nr])/g, (_, one: string) => ESCAPED[one] ?? one) : name;
  return plain.split('/').filter((segment) => segment !== '' && segment !== '.');
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', '\\': '\\' };

/** Returns how many segments at the end of two paths are equal. */
function commonEnd(one: readonly string[], other: readonly string[]): number {
  let common = 0;
  while (common < one.length && one.at(-1 - common) === other.at(-1 - common)) common += 1;
  return common;
}
