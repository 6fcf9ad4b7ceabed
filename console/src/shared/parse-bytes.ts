const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
};
const SIZE = /^(?<number>\d+(?:[.,]\d+)?)\s*(?<unit>[kmgtp]?)(?:i?b|bytes?)?$/i;

/** Reads a size as a person writes it: `20 GiB`, `1.5T`, `512 mib`. Null if it is none. */
export function parseBytes(text: string): number | null {
  const { number, unit } = SIZE.exec(text.trim())?.groups ?? {};
  const factor = FACTORS[unit?.toLowerCase() ?? ''];
  if (number === undefined || factor === undefined) return null;
  const bytes = Math.round(Number(number.replace(',', '.')) * factor);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
