import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes the connections of a server in order. `Server.close` closes idle connections only: one
 * that has sent nothing yet, or is kept alive after its response, would delay the end until the
 * grace period is over.
 */
export class Connections {
  readonly #server: Server;
  /**
   * The pending responses of each connection. A pipelined response that was never started emits no
   * `close`, and goes with its connection.
   */
  readonly #answers = new Map<Socket, Set<ServerResponse>>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#answers.set(socket, new Set());
      socket.once('close', () => this.#answers.delete(socket));
    });
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      server.on(event, ({ socket }: IncomingMessage, response: ServerResponse) => {
        const answers = this.#answers.get(socket);
        answers?.add(response);
        response.once('close', () => answers?.delete(response));
      });
    }
  }

  /**
   * Accepts no new connections, closes each after its pending response, and after `graceSeconds`
   * those that are left.
   */
  async close(graceSeconds: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const [socket, answers] of this.#answers) {
      if (socket.bytesRead === 0) socket.destroy();
      for (const response of answers) endAfter(response);
    }
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceSeconds * 1000);
    await closed;
    clearTimeout(timer);
  }
}

function endAfter(response: ServerResponse): void {
  const { socket } = response.req;
  if (response.headersSent) response.once('finish', () => socket.destroySoon());
  else response.setHeader('Connection', 'close');
}
