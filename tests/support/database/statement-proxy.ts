import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A proxy in front of a database that records prepared statements. */
export interface StatementProxy {
  readonly url: string;
  /** The texts of all named statements that were prepared so far. */
  readonly prepared: ReadonlySet<string>;
  close(): Promise<void>;
}

const PARSE = 0x50;

/** Opens a proxy in front of the database at `url`. */
export async function openStatementProxy(url: string): Promise<StatementProxy> {
  const target = new URL(url);
  const prepared = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    const read = readerOf((name, text) => {
      if (name !== '') prepared.add(text);
    });
    client.on('data', read);
    for (const socket of [client, database]) sockets.add(socket.once('close', () => sockets.delete(socket)));
    // If one end breaks, `pipeline` closes the other.
    pipeline(client, database, client, () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    prepared,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Parses the messages of a PostgreSQL client (its documentation, "Frontend/Backend Protocol"). Only
 * the first message has no type byte.
 */
function readerOf(parsed: (name: string, text: string) => void): (chunk: Buffer) => void {
  let left = Buffer.alloc(0);
  let typed = 0;
  return (chunk) => {
    left = Buffer.concat([left, chunk]);
    while (left.length >= typed + 4) {
      const end = typed + left.readUInt32BE(typed);
      if (left.length < end) return;
      if (typed === 1 && left[0] === PARSE) {
        const [name = '', text = ''] = left.toString('utf8', 5, end).split('\0');
        parsed(name, text);
      }
      left = left.subarray(end);
      typed = 1;
    }
  };
}
