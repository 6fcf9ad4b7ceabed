import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadEntries } from '../../application/audit/read-entries.ts';
import type { Log } from '../../application/ports/log.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import { entryDocument, entryLine } from './audit-line.ts';
import type { Config } from '../config/config.ts';
import { buildServices } from '../composition/container.ts';
import { joinDepot } from '../server/depot.ts';
import { T } from '../composition/tokens.ts';
import type { AuditOptions } from './audit-options.ts';

/**
 * Prints who did what, newest first, until that is all, `stop` aborts, or nobody reads it any more.
 */
export async function showAudit(config: Config, log: Log, options: AuditOptions, stop: AbortSignal): Promise<void> {
  const depot = await joinDepot(config, log);
  try {
    const services = await buildServices({
      config,
      connections: depot.connections,
      instance: randomUUID() as InstanceId,
      log,
      channel: 'command',
    });
    const entries = new ReadEntries(services.get(T.UnitOfWork)).run(options.search, options.max);
    await pipeline(Readable.from(linesOf(entries, options.json)), process.stdout, { end: false, signal: stop });
  } catch (error) {
    if (!stop.aborted && !isClosedPipe(error)) throw error;
  } finally {
    await depot.close();
  }
}

async function* linesOf(entries: AsyncIterable<AuditEntry>, json: boolean): AsyncGenerator<string> {
  for await (const entry of entries) yield `${json ? entryDocument(entry) : entryLine(entry)}\n`;
}

/** Whoever looks at the first lines only, such as `head`, has seen enough. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
