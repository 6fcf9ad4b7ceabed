import { CommandFailure } from '../command-failure.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

type Unit = keyof typeof SECONDS;

/**
 * Returns the seconds of a duration such as `90s`, `2h`, `7d` or `1h30m`.
 *
 * @throws usage when the text is no duration above zero
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})([smhdw])/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as Unit], 0);
  if (parts.map(([part]) => part).join('') !== text || seconds === 0) {
    throw new CommandFailure('usage', `"${text}" is not a duration`, 'Write one such as 90s, 2h, 7d or 1h30m.');
  }
  return seconds;
}

/** Returns a duration for people: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < SECONDS.h) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < SECONDS.d) return `${Math.floor(whole / SECONDS.h)} h ${Math.floor((whole % SECONDS.h) / 60)} min`;
  return `${Math.floor(whole / SECONDS.d)} d ${Math.floor((whole % SECONDS.d) / SECONDS.h)} h`;
}
