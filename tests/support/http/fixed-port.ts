import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the system hands out for connections and for port 0. */
const FIRST = 20_000;
const COUNT = 10_000;

/** Returns a port for a program that must have the same one after a restart. */
export async function fixedPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
