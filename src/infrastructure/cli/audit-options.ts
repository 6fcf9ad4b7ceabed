import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AuditSearch } from '../../domain/audit/audit-entry.ts';
import { ACTIONS } from '../../domain/audit/audit-event.ts';
import { isUuid } from '../../domain/shared/ids.ts';

/** What is to be shown, and how. */
export interface AuditOptions {
  readonly search: AuditSearch;
  /** Null for no limit. */
  readonly max: number | null;
  readonly json: boolean;
}

const DEFAULT_LIMIT = 100;

/**
 * The options of `platter audit`. What does not hold is left out; several have to hold together.
 */
export function withAuditOptions(command: Command): Command {
  return command
    .option('--user <number>', 'what this user did, or what was done to them', wholeNumber)
    .option('--group <number>', 'what was done to this group, or to its media', wholeNumber)
    .option('--pool <number>', 'what was done to this pool, or to media in it', wholeNumber)
    .option('--media <uuid>', 'what was done to these media', uuid)
    .addOption(new Option('--action <name>', 'only this action').choices(ACTIONS))
    .option('--result <code>', 'done, refused (whatever was not done), or the code of a refusal', code)
    .option(
      '--since <time>',
      'from this time on, such as 2026-01-31 or 2026-01-31T12:00:00Z; UTC unless it says else',
      time,
    )
    .option('--until <time>', 'before this time', time)
    .option('--limit <number>', 'so many at most; 0 for all', wholeNumber, DEFAULT_LIMIT)
    .option('--json', 'print each entry as a JSON document on a line of its own');
}

/** What was told, once commander has looked at it. */
export function searchOf(told: Readonly<Record<string, unknown>>): AuditOptions {
  const { limit, json = false, ...search } = told;
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

/**
 * The text itself, with all its digits, so that the time of an entry can be given as it was
 * printed.
 */
function time(text: string): string {
  const [, day = '', clock = 'T00:00', zone = 'Z'] = TIME.exec(text) ?? [];
  const whole = `${day}${clock}${zone}`;
  if (!isDay(day) || Number.isNaN(Date.parse(whole)))
    throw new InvalidArgumentError('It must be a time like 2026-01-31 or 2026-01-31T12:00:00Z.');
  return whole;
}

/** A thirtieth of February would be taken for a day in March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
