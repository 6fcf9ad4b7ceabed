import { Client } from 'pg';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { isUuid } from '../../domain/shared/ids.ts';
import { RELEASE_CHANNEL } from './uploads.ts';

/** After a connection was lost, or could not be opened. */
const RECONNECT_MS = 1_000;
/** An attempt to connect ends after this, so that a stop never waits for it longer. */
const CONNECT_MS = 5_000;
/** A connection that is open but dead is noticed in time. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Listens for requests that want an upload that another one has, on a connection of its own. What
 * it misses while it is not connected, the renewal of the lease finds.
 */
export class ReleaseRequests {
  readonly #url: string;
  readonly #heard: (id: UploadId) => void;
  #client: Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(url: string, heard: (id: UploadId) => void) {
    this.#url = url;
    this.#heard = heard;
  }

  /** Returns at once. */
  start(): void {
    this.#isRunning = true;
    void this.#connect();
  }

  /** Resolves when the connection is closed. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: 'platter uploads',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    this.#client = client;
    client.on('error', () => this.#again(client));
    client.on('end', () => this.#again(client));
    client.on('notification', ({ payload = '' }) => {
      if (isUuid(payload)) this.#heard(payload as UploadId);
    });
    try {
      await client.connect();
      await client.query(`listen ${RELEASE_CHANNEL}`);
    } catch {
      this.#again(client);
    }
  }

  #again(lost: Client): void {
    if (this.#client !== lost) return;
    this.#client = null;
    lost.end().catch(() => undefined);
    if (this.#isRunning) this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }
}
