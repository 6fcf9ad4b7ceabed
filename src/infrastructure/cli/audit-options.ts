import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AuditSearch } from '../../domain/audit/audit-entry.ts';
import { ACTIONS } from '../../domain/audit/audit-event.ts';
import { isUuid } from '../../domain/shared/ids.ts';

/** The parsed options of `platter audit`. */
export interface AuditOptions {
  readonly search: AuditSearch;
  /** Null for no limit. */
  readonly max: number | null;
  readonly json: boolean;
}

const DEFAULT_LIMIT = 100;

/** Adds the options of `platter audit`. An event has to match all of them. */
export function withAuditOptions(command: Command): Command {
  return command
    .option('--user <number>', 'events of this user, as actor or as subject', wholeNumber)
    .option('--group <number>', 'events of this group and of its media', wholeNumber)
    .option('--pool <number>', 'events of this pool and of media in it', wholeNumber)
    .option('--media <uuid>', 'events of this media item', uuid)
    .addOption(new Option('--action <name>', 'events with this action').choices(ACTIONS))
    .option('--result <code>', 'done, refused (every result but done), or one error code', code)
    .option(
      '--since <time>',
      'events from this time on, such as 2026-01-31 or 2026-01-31T12:00:00Z; UTC without a zone',
      time,
    )
    .option('--until <time>', 'events before this time', time)
    .option('--limit <number>', 'the maximum number of events; 0 for all', wholeNumber, DEFAULT_LIMIT)
    .option('--json', 'print each event as a JSON document on a line of its own');
}

/** Maps the values that commander parsed to the options. */
export function searchOf(parsed: Readonly<Record<string, unknown>>): AuditOptions {
  const { limit, json = false, ...search } = parsed;
  return { search, max: limit === 0 ? null : Number(limit), json: json === true };
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,16}$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It must be a UUID.');
  return text.toLowerCase();
}

function code(text: string): string {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(text)) throw new InvalidArgumentError('It must be a word like quota-exceeded.');
  return text;
}

const TIME = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Returns the text with all its digits, so that the printed time of an event is accepted as is. */
function time(text: string): string {
  const [, day = '', clock = 'T00:00', zone = 'Z'] = TIME.exec(text) ?? [];
  const whole = `${day}${clock}${zone}`;
  if (!isDay(day) || Number.isNaN(Date.parse(whole)))
    throw new InvalidArgumentError('It must be a time like 2026-01-31 or 2026-01-31T12:00:00Z.');
  return whole;
}

/** Rejects a day such as 30 February, which `Date` would read as one in March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
