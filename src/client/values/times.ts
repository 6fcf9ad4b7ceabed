import { CommandFailure } from '../command-failure.ts';
import { parseDuration } from './durations.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Returns a time of the past as the API takes it, from a day, a time with its zone, or a duration
 * before `now`. A day begins at midnight UTC.
 *
 * @throws usage when the text is none of them
 */
export function parseTime(text: string, now: Date): string {
  if (/^\d+[smhdw]/.test(text)) return new Date(now.getTime() - parseDuration(text) * 1000).toISOString();
  const time = DAY.test(text) ? `${text}T00:00:00Z` : text;
  if (TIME.test(time) && !Number.isNaN(Date.parse(time))) return time;
  throw new CommandFailure(
    'usage',
    `"${text}" is not a time`,
    'Write one such as 2026-01-31, 2026-01-31T12:00:00Z, or 2h for two hours ago.',
  );
}

/** Returns a time of the API for people, to the minute, in UTC. */
export function formatTime(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
