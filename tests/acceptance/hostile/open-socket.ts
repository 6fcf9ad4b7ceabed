import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Opens a connection whose data is not read until the test does. It may break: the test notices.
 */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  opened.push(socket);
  return socket;
}

const opened: Socket[] = [];

afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});
