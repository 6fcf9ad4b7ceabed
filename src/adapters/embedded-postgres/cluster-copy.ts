import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dirname } from 'node:path';
import { Client, type Submittable } from 'pg';
import { syncFolder } from '../shared/sync-folder.ts';

const CONNECT_LIMIT_MS = 10_000;
/** Includes the WAL, so that the copy can be recovered without any other file. */
const COMMAND = `BASE_BACKUP (LABEL 'platter', CHECKPOINT 'fast', WAL true)`;
/**
 * First bytes of PostgreSQL's messages of a base backup (its documentation, "Streaming Replication
 * Protocol").
 */
const [CONTENT, NEW_ARCHIVE] = [0x64, 0x6e];

/**
 * Writes a copy of the whole cluster at `url` as one tar archive to `file`, readable by its owner
 * alone, while the server serves. The copy contains everything committed before the call. Unpacked
 * into an empty data folder, it is a cluster that PostgreSQL recovers at its start. Once this
 * resolves, `file` is complete and durable; on failure it is unchanged. Memory is constant.
 */
export async function writeClusterCopy(url: string, file: string, signal: AbortSignal): Promise<void> {
  const beside = `${file}.${randomUUID()}.partial`;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS, ...PHYSICAL });
  const backup = new ClusterCopy();
  client.on('error', (error) => backup.destroy(error));
  try {
    await client.connect();
    // The name is random and must be free, so that no other user of the folder can redirect the
    // copy with a link.
    const target = await open(beside, 'wx', 0o600);
    // The stream closes the file.
    const sink = target.createWriteStream({ flush: true });
    client.query(backup);
    await pipeline(backup, sink, { signal });
    await rename(beside, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    // Does not end the copy first: the server would send an aborted copy to its end.
    await client.end().catch(() => undefined);
  }
}

/** Connects to the cluster as a whole instead of one database. The types of pg lack this option. */
const PHYSICAL: object = { replication: 'true' };

/** The part of pg's connection that the copy uses. */
interface Wire {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void; destroy(): void };
}

/** Streams the bytes of the archive. pg calls the handlers. */
class ClusterCopy extends Readable implements Submittable {
  #wire: Wire | null = null;
  #archives = 0;

  submit(wire: unknown): void {
    this.#wire = wire as Wire;
    this.#wire.query(COMMAND);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (chunk[0] === NEW_ARCHIVE) this.#archives += 1;
    if (this.#archives > 1)
      this.destroy(
        new Error(
          'the embedded database has tablespaces outside its folder, which a backup cannot contain: move their tables to the default tablespace',
        ),
      );
    // pg reuses the memory of `chunk`.
    else if (chunk[0] === CONTENT && !this.push(Buffer.from(chunk.subarray(1)))) this.#wire?.stream.pause();
  }

  handleReadyForQuery(): void {
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }

  // The archive also contains the start and end of the copy.
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
