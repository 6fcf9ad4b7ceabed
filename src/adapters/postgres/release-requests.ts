import { Socket } from 'node:net';
import { Client } from 'pg';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { isUuid, type InstanceId } from '../../domain/shared/ids.ts';
import { RELEASE_CHANNEL } from './uploads.ts';

/** After a connection was lost, or could not be opened. */
const RECONNECT_MS = 1_000;
/** An attempt to connect ends after this, so that a stop never waits for it longer. */
const CONNECT_MS = 5_000;
/** The operating system probes an idle connection after this. */
const KEEP_ALIVE_MS = 10_000;
/** A database that does not close its end within this is not waited for. */
const CLOSE_MS = 1_000;

interface Connection {
  readonly client: Client;
  readonly socket: Socket;
}

/**
 * Listens for requests that want an upload that this process has, on a connection of its own. The
 * renewal of the lease finds the requests that it misses while it is not connected.
 */
export class ReleaseRequests {
  readonly #url: string;
  readonly #holder: InstanceId;
  readonly #heard: (id: UploadId) => void;
  #connection: Connection | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  /** `holder` is the id of this process in leases. */
  constructor(url: string, holder: InstanceId, heard: (id: UploadId) => void) {
    this.#url = url;
    this.#holder = holder;
    this.#heard = heard;
  }

  /** Returns at once. */
  start(): void {
    this.#isRunning = true;
    void this.#connect();
  }

  /** Resolves when the connection is closed, soon also when the database does not respond. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) await close(connection);
  }

  async #connect(): Promise<void> {
    const socket = new Socket();
    const client = new Client({
      connectionString: this.#url,
      stream: () => socket,
      application_name: 'platter uploads',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    const connection = { client, socket };
    this.#connection = connection;
    client.on('error', () => this.#again(connection));
    client.on('end', () => this.#again(connection));
    client.on('notification', ({ payload = '' }) => {
      const [id = '', holder] = payload.split(' ');
      // A request does not stop itself, however late its own notification arrives.
      if (holder === this.#holder && isUuid(id)) this.#heard(id as UploadId);
    });
    try {
      await client.connect();
      await client.query(`listen ${RELEASE_CHANNEL}`);
    } catch {
      this.#again(connection);
    }
  }

  #again(lost: Connection): void {
    if (this.#connection !== lost) return;
    this.#connection = null;
    void close(lost);
    if (this.#isRunning) this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }
}

/** Says goodbye; a peer that is silent would never close its end. */
async function close({ client, socket }: Connection): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}
