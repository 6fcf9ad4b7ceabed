import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** A proxy of the database that can be cut. */
export interface DatabaseProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** Destroys every connection and refuses new ones. */
  cut(): void;
  /** Accepts connections again. */
  mend(): void;
}

const close: (() => void)[] = [];

/** Opens a proxy of the database at `url`; it is closed after the tests of the file. */
export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  function forget(): void {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  }
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect({ host: target.hostname, port: Number(target.port || 5432) });
    sockets.add(near).add(far);
    // An error of either socket ends both.
    void pipeline(near, far, near).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(() => {
    forget();
    server.close();
  });

  const channel = new URL(url);
  channel.hostname = '127.0.0.1';
  channel.port = String((server.address() as AddressInfo).port);
  return {
    url: channel.href,
    cut: () => {
      isCut = true;
      forget();
    },
    mend: () => (isCut = false),
  };
}

afterAll(() => {
  for (const end of close.splice(0)) end();
});
