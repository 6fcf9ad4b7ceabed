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
  const server = createServer({ allowHalfOpen: true }, (near) => {
    open.add(near);
    near.once('close', () => open.delete(near)).on('error', () => undefined);
    void forward(near, rotated(ports(), (turn += 1)));
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

async function forward(near: Socket, ports: readonly number[]): Promise<void> {
  const far = await firstThatAccepts(ports);
  if (far === null) {
    near.resetAndDestroy();
    return;
  }
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    pipeline(from, to).catch(() => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    });
  }
}

async function firstThatAccepts(ports: readonly number[]): Promise<Socket | null> {
  for (const port of ports) {
    const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    try {
      await once(far, 'connect');
      return far;
    } catch {
      far.destroy();
    }
  }
  return null;
}

function rotated(ports: readonly number[], turn: number): readonly number[] {
  const first = turn % ports.length;
  return [...ports.slice(first), ...ports.slice(0, first)];
}
