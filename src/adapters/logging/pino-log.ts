import { pino, stdSerializers, type Logger } from 'pino';
import type { Log } from '../../application/ports/log.ts';
import { abbreviate } from '../../domain/shared/truncate-utf8.ts';

/** Limits for the error of one line: it may contain text that a client sent. */
const MAX_TEXT_BYTES = 2048;
const MAX_CAUSES = 8;

/** Opens a log that writes one JSON object per line to standard output. */
export function openLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: withCauses },
  }) satisfies Logger;
}

/**
 * Serializes an error with the chain of its causes. Leaves out the bindings of database queries,
 * since they may hold secrets.
 */
function withCauses(error: unknown, depth = 1): object {
  if (!(error instanceof Error)) return { message: cut(String(error)) };
  const { type, message, stack } = stdSerializers.err(error);
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  const cause = error.cause === undefined || depth === MAX_CAUSES ? {} : { cause: withCauses(error.cause, depth + 1) };
  return { type, message: cut(message), code, detail: boundedDetail(detail), stack: cut(stack), ...cause };
}

function cut(text: string): string {
  return abbreviate(text, MAX_TEXT_BYTES);
}

function boundedDetail(detail: unknown): object | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined;
  const entries = Object.entries(detail) as [string, unknown][];
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]));
}
