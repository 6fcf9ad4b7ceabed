import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dirname } from 'node:path';
import { Client, type Submittable } from 'pg';
import { syncFolder } from '../shared/sync-folder.ts';

const CONNECT_LIMIT_MS = 10_000;
/**
 * Everything that recovery needs goes along, so that the copy depends on nothing that is not in it.
 */
const COMMAND = `BASE_BACKUP (LABEL 'platter', CHECKPOINT 'fast', WAL true)`;
/**
 * How PostgreSQL's messages of a base backup begin (its documentation, "Streaming Replication
 * Protocol").
 */
const [CONTENT, NEW_ARCHIVE] = [0x64, 0x6e];

/**
 * Writes a copy of the whole cluster at `url` as one tar archive to `file`, readable by its owner
 * alone, while the server serves. What was committed when this was called is in it; unpacked into
 * an empty data folder, it is a cluster that recovers by itself. `file` is there whole and durable
 * when this resolves; on failure it is as it was. Memory is constant.
 */
export async function writeClusterCopy(url: string, file: string, signal: AbortSignal): Promise<void> {
  const beside = `${file}.${randomUUID()}.partial`;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS, ...PHYSICAL });
  const backup = new ClusterCopy();
  client.on('error', (error) => backup.destroy(error));
  try {
    await client.connect();
    // A name that nobody can guess, and that must be free: in a folder that others may write to,
    // nothing leads the copy elsewhere.
    const target = await open(beside, 'wx', 0o600);
    // The stream closes it.
    const sink = target.createWriteStream({ flush: true });
    client.query(backup);
    await pipeline(backup, sink, { signal });
    await rename(beside, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    // Not in good order: an aborted copy would be sent to its end first.
    await client.end().catch(() => undefined);
  }
}

/**
 * The server talks about the cluster as a whole instead of about one database. The types of pg
 * leave it out.
 */
const PHYSICAL: object = { replication: 'true' };

/** The wire between us and the server, as far as it is needed here. */
interface Wire {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void; destroy(): void };
}

/** What the server sends, as a stream of the archive's bytes. pg calls the handlers. */
class ClusterCopy extends Readable implements Submittable {
  #wire: Wire | null = null;
  #archives = 0;

  submit(wire: unknown): void {
    this.#wire = wire as Wire;
    this.#wire.query(COMMAND);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (chunk[0] === NEW_ARCHIVE) this.#archives += 1;
    if (this.#archives > 1) this.destroy(new Error('the database has tablespaces of its own, which are not ours'));
    // pg uses the memory again.
    else if (chunk[0] === CONTENT && !this.push(Buffer.from(chunk.subarray(1)))) this.#wire?.stream.pause();
  }

  handleReadyForQuery(): void {
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }

  // Where the copy begins and ends is in the archive as well.
  handleRowDescription(): void {
    // Nothing to do.
  }
  handleDataRow(): void {
    // Nothing to do.
  }
  handleCommandComplete(): void {
    // Nothing to do.
  }

  override _read(): void {
    this.#wire?.stream.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error !== null) this.#wire?.stream.destroy();
    done(error);
  }
}
