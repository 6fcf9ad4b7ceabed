import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { appendHead, createUpload, headersOf } from '../peers/platter-tus.ts';
import { startPlatter, startProgram, type Platter } from '../peers/platter.ts';

const MIB = 2 ** 20;
/**
 * The length of the upload in units of `--size`, and how many of them are sent before the crash.
 */
const LENGTH = 5;
const SENT = 4;

/** An upload whose server is killed while it receives bytes. */
export const resume: Row = {
  name: 'upload-resume',
  title: 'from ready, after kill -9, to the first byte accepted of an interrupted upload',
  unit: 'ms',
  counts: 'figure',
  better: 'less',
  atLeast: 1000,
  dream: 300,
  async stage(bench) {
    const { size } = bench.extent;
    let platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    const path = await createUpload(platter, LENGTH * size);
    await transfers.go(platter.port, [appendHead(platter, path, 0, SENT * size)], SENT * size);
    return {
      subject: {
        name: 'Platter (tus)',
        async measure() {
          const broken = await beginAppend(platter, path);
          process.kill(platter.pid, 'SIGKILL');
          broken.destroy();
          const { pid, readyLine } = await startProgram(bench, platter.dataDirectory);
          const { port } = JSON.parse(readyLine) as { port: number };
          platter = { ...platter, pid, port, url: `http://127.0.0.1:${port}` };
          const begun = performance.now();
          while (!(await appendByte(platter, path))) await delay(10);
          return { figure: performance.now() - begun };
        },
      },
      remarks: [
        `a HEAD and a PATCH of one byte; ${(SENT * size) / MIB} of ${(LENGTH * size) / MIB} MiB were sent before`,
      ],
    };
  },
};

/** Sends a part of a request, and resolves when the server has recorded all of the part. */
async function beginAppend(platter: Platter, path: string): Promise<Socket> {
  const offset = await offsetOf(platter, path);
  const socket = createConnection({ port: platter.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(appendHead(platter, path, offset, 2 * MIB));
  socket.write(Buffer.alloc(MIB, 1));
  while ((await offsetOf(platter, path)) < offset + MIB) await delay(10);
  return socket;
}

/** Appends one byte; returns whether the server accepted it. */
async function appendByte(platter: Platter, path: string): Promise<boolean> {
  const offset = await offsetOf(platter, path);
  const { status } = await fetch(`${platter.url}${path}`, {
    method: 'PATCH',
    headers: {
      ...headersOf(platter),
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
    },
    body: new Uint8Array([1]),
  });
  return status === 204;
}

async function offsetOf(platter: Platter, path: string): Promise<number> {
  const { headers } = await fetch(`${platter.url}${path}`, { method: 'HEAD', headers: headersOf(platter) });
  return Number(headers.get('upload-offset'));
}
