import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A proxy between a program and its database that a test can cut. */
export interface BreakableProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** Cuts every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** Forwards no more bytes on the connections that are open, and closes none of them. */
  silence(): void;
  /**
   * Cuts every connection at the next client message that contains `text`, once: before it reaches
   * the database, or when the reply with the same text comes back, so that only the reply is lost.
   * New connections are accepted unless `when` says otherwise.
   */
  cutAt(text: string, when: Moment): void;
  close(): Promise<void>;
}

type Moment = 'before' | 'after' | 'after and from then on';

interface Trap {
  readonly text: string;
  readonly when: Moment;
}

/** Opens a proxy in front of the database at `url`. */
export async function openProxy(url: string): Promise<BreakableProxy> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let open = true;
  let trap: Trap | null = null;

  function cutAll(): void {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  }

  const server: Server = createServer((client) => {
    if (!open) {
      client.destroy();
      return;
    }
    const database = connect(Number(target.port), target.hostname);
    const pair = [client, database] as const;
    pairs.add(pair);
    let awaited: string | null = null;
    client.on('data', (chunk) => {
      if (trap !== null && chunk.includes(trap.text)) {
        awaited = trap.when === 'before' ? null : trap.text;
        open = trap.when !== 'after and from then on';
        trap = null;
        if (awaited === null) {
          cutAll();
          return;
        }
      }
      database.write(chunk);
    });
    database.on('data', (answer) => {
      // The replies to earlier messages may arrive separately.
      if (awaited !== null && answer.includes(awaited)) cutAll();
      else client.write(answer);
    });
    for (const [one, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    cut() {
      open = false;
      cutAll();
    },
    mend() {
      open = true;
    },
    silence() {
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    cutAt(text, when) {
      trap = { text, when };
    },
    async close() {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
