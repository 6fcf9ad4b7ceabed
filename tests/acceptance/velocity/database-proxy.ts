import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** A way to the database that can be cut. */
export interface DatabaseProxy {
  /** The database's address, by this way. */
  readonly url: string;
  /** Breaks every connection and lets nobody through any more. */
  cut(): void;
  /** Lets everybody through again. */
  mend(): void;
}

const close: (() => void)[] = [];

/** Opens a way to the database at `url`, closed when the tests of this file are through. */
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
    // One of them breaking is what a cut looks like.
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
