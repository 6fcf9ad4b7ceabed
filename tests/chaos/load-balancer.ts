import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** A TCP load balancer in front of several programs. */
export interface LoadBalancer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Forwards each connection to the next port that accepts it, round robin; resets it when none does.
 * `ports` is called for each connection.
 */
export async function openLoadBalancer(ports: () => readonly number[]): Promise<LoadBalancer> {
  let turn = 0;
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client)).on('error', () => undefined);
    void forward(client, rotated(ports(), (turn += 1)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function forward(client: Socket, ports: readonly number[]): Promise<void> {
  const server = await firstThatAccepts(ports);
  if (server === null) {
    client.resetAndDestroy();
    return;
  }
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    pipeline(from, to).catch(() => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    });
  }
}

async function firstThatAccepts(ports: readonly number[]): Promise<Socket | null> {
  for (const port of ports) {
    const server = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    try {
      await once(server, 'connect');
      return server;
    } catch {
      server.destroy();
    }
  }
  return null;
}

function rotated(ports: readonly number[], turn: number): readonly number[] {
  const first = turn % ports.length;
  return [...ports.slice(first), ...ports.slice(0, first)];
}
