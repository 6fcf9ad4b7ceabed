import type { CloneNaming } from '../access/profile.ts';
import { MAX_NAME_BYTES } from '../shared/name.ts';
import { truncateUtf8, utf8Length } from '../shared/truncate-utf8.ts';

const COUNTER = /_(\d+)$/;
const DATE = /-(\d{4}-\d{2}-\d{2})(?:_\d+)?$/;
const TIMESTAMP = /-(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:_\d+)?$/;

/**
 * Returns the label of a clone without one of its own, derived from the label of its source
 * (docs/cloudsigma.md#clone-naming). A label that would exceed 255 bytes of UTF-8 is truncated
 * before what is appended.
 */
export function cloneLabel(source: string, naming: CloneNaming, now: Date): string {
  const iso = now.toISOString();
  switch (naming) {
    case 'NONE':
      return source;
    case 'COUNTER':
      return counted(source);
    case 'DATE':
      return stamped(source, DATE, iso.slice(0, 10));
    case 'TIMESTAMP':
      return stamped(source, TIMESTAMP, iso.slice(0, 19).replace('T', ' '));
  }
}

/** Appends `_1`, or increments the number at the end. */
function counted(label: string): string {
  const number = COUNTER.exec(label)?.[1];
  const stem = number === undefined ? label : label.slice(0, -number.length - 1);
  return appended(stem, `_${BigInt(number ?? 0) + 1n}`);
}

/** Appends a stamp, or replaces the one at the end; if that is current, counts it. */
function stamped(label: string, pattern: RegExp, stamp: string): string {
  const found = pattern.exec(label);
  if (found?.[1] === stamp) return counted(label);
  return appended(found === null ? label : label.slice(0, found.index), `-${stamp}`);
}

function appended(stem: string, suffix: string): string {
  return truncateUtf8(stem, MAX_NAME_BYTES - utf8Length(suffix)) + suffix;
}
