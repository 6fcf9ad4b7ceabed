import { createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * Replaces transfer.c on a machine without a compiler: the same arguments, input and line of JSON.
 * It sends one block repeatedly instead of the file, so that it reads nothing.
 */
const [port = '', , size = ''] = process.argv.slice(2);
const BLOCK = Buffer.alloc(2 ** 20, 'What is sent does not matter, as long as it is no image. ');
const received = Buffer.alloc(4 * 2 ** 20);

interface Answer {
  readonly status: number;
  readonly bytes: number;
}

async function transfer(head: string, bytes: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let begun = '';
    let count = 0;
    const socket = createConnection({
      port: Number(port),
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: received,
        callback: (length) => {
          count += length;
          if (!begun.includes('\r\n\r\n')) begun += received.toString('latin1', 0, length);
          return true;
        },
      },
    });
    socket.on('end', () => {
      socket.destroy();
      const bodyAt = begun.indexOf('\r\n\r\n') + '\r\n\r\n'.length;
      resolve({ status: Number(begun.split(' ')[1]), bytes: count - bodyAt });
    });
    socket.on('error', reject);
    socket.write(head, 'latin1');
    sendBlocks(socket, bytes);
  });
}

function sendBlocks(socket: Socket, bytes: number): void {
  let left = bytes;
  function more(): void {
    while (left > 0) {
      const block = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
      left -= block.length;
      if (!socket.write(block)) {
        socket.once('drain', more);
        return;
      }
    }
  }
  more();
}

/** Reads the heads from standard input: each as decimal length, line feed, head. */
function headsOf(input: string): readonly string[] {
  const heads: string[] = [];
  for (let at = 0; at < input.length;) {
    const from = input.indexOf('\n', at) + 1;
    const to = from + Number(input.slice(at, from));
    heads.push(input.slice(from, to));
    at = to;
  }
  return heads;
}

process.stdin.setEncoding('latin1');
const heads = headsOf(await text(process.stdin));
const cpuBefore = process.cpuUsage();
const begun = performance.now();
const answers = await Promise.all(heads.map(async (head) => transfer(head, Number(size))));
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const line = {
  seconds,
  cpu: (user + system) / 1e6,
  refused: answers.map(({ status }) => status).filter((status) => status < 200 || status > 299),
  received: answers.reduce((sum, { bytes }) => sum + bytes, 0),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
