/** The digests that an import can be verified by. */
export type ImportChecksumAlgorithm = 'sha256' | 'sha512';

/** A digest that imported bytes must have. */
export interface Checksum {
  readonly algorithm: ImportChecksumAlgorithm;
  /** In lower-case hex. */
  readonly value: string;
}

/** How many hex digits a digest has. */
export const HEX_DIGITS: Readonly<Record<ImportChecksumAlgorithm, number>> = { sha256: 64, sha512: 128 };

const TEXT = /^(sha256|sha512):([0-9a-fA-F]+)$/;

/** Returns the checksum that a text like `sha256:…` names; null if it names none. */
export function checksumFrom(text: string): Checksum | null {
  const [, algorithm, value] = TEXT.exec(text) ?? [];
  if (algorithm === undefined || value === undefined) return null;
  const named = algorithm as ImportChecksumAlgorithm;
  return value.length === HEX_DIGITS[named] ? { algorithm: named, value: value.toLowerCase() } : null;
}

/**
 * Returns the checksum that a text names.
 *
 * @throws RangeError when it names none: input from outside must be checked before
 */
export function requireChecksum(text: string): Checksum {
  const checksum = checksumFrom(text);
  if (checksum === null) throw new RangeError('not a checksum');
  return checksum;
}

/** Returns the text that `checksumFrom` reads. */
export function checksumText({ algorithm, value }: Checksum): string {
  return `${algorithm}:${value}`;
}
