import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../../application/ports/log.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import { entryDocument, entryLine } from './audit-line.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';
import type { AuditOptions } from './audit-options.ts';
import { withUseCases } from './with-use-cases.ts';

/** Prints audit events, newest first, until the last, `stop` aborts, or standard output closes. */
export async function showAudit(config: Config, log: Log, options: AuditOptions, stop: AbortSignal): Promise<void> {
  const depot = await joinDepot(config, log);
  await withUseCases(depot, { config, log, channel: 'command' }, async ({ readAuditEntries }) => {
    const entries = readAuditEntries.run(options.search, options.max);
    try {
      await pipeline(Readable.from(linesOf(entries, options.json)), process.stdout, { end: false, signal: stop });
    } catch (error) {
      if (!stop.aborted && !isClosedPipe(error)) throw error;
    }
  });
}

async function* linesOf(entries: AsyncIterable<AuditEntry>, json: boolean): AsyncGenerator<string> {
  for await (const entry of entries) yield `${json ? entryDocument(entry) : entryLine(entry)}\n`;
}

/** A reader such as `head` closes the pipe after its last line. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
