const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns a duration in its largest unit, rounded, in the user's language. */
export function durationText(seconds: number): string {
  const [value, unit] =
    seconds < MINUTE
      ? [seconds, 'second']
      : seconds < HOUR
        ? [seconds / MINUTE, 'minute']
        : seconds < DAY
          ? [seconds / HOUR, 'hour']
          : [seconds / DAY, 'day'];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(value));
}

/** Returns how long ago a moment was, or how far away it is. */
export function relativeText(moment: Date, now: Date): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  const distance = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (distance < MINUTE) return format.format(Math.trunc(seconds), 'second');
  if (distance < HOUR) return format.format(Math.trunc(seconds / MINUTE), 'minute');
  if (distance < DAY) return format.format(Math.trunc(seconds / HOUR), 'hour');
  return format.format(Math.trunc(seconds / DAY), 'day');
}
