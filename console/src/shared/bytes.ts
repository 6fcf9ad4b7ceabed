const STEP = 1024;
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Returns a size with three digits in the largest binary unit that it fills. */
export function bytesText(bytes: number): string {
  const power = bytes < STEP ? 0 : Math.min(Math.floor(Math.log2(bytes) / Math.log2(STEP)), UNITS.length - 1);
  const value = bytes / STEP ** power;
  const digits = power === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value);
  return `${number} ${UNITS[power] ?? ''}`;
}
