import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends the connections of a server in good order. Node by itself closes those that are idle when it
 * is told to; one whose client waits with its first word, or keeps it for later after an answer,
 * would hold up the end until the grace is over.
 */
export class Connections {
  readonly #server: Server;
  /**
   * The answers that each of them waits for. An answer that never got its turn dies with its
   * connection, without a word.
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
   * Takes no new ones, ends each after the answer that it waits for, and after `graceSeconds` all
   * that are left.
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
