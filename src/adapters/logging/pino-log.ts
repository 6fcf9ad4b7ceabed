import { pino, stdSerializers, type Logger } from 'pino';
import type { Log } from '../../application/ports/log.ts';

/** Structured lines on standard output, one JSON object each. */
export function openLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: withCauses },
  }) satisfies Logger;
}

/** An error with the chain of its causes. What the database was asked with stays out: its bindings may hold secrets. */
function withCauses(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack } = stdSerializers.err(error);
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  const cause = error.cause === undefined ? {} : { cause: withCauses(error.cause) };
  return { type, message, code, detail: typeof detail === 'object' ? detail : undefined, stack, ...cause };
}
