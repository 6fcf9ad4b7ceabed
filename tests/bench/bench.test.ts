import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transfersOf, headOf } from '../../bench/client/transfers.ts';
import { Bench } from '../../bench/frame/bench.ts';
import { script } from '../../bench/frame/program.ts';
import { loadResults } from '../../bench/results.ts';
import { tableOf } from '../../bench/table.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bench without nginx and without a compiler. */
async function runBench(...args: readonly string[]): Promise<Ended> {
  const [node, ...options] = script('main.ts', ...args);
  const { HOME, TMPDIR } = process.env;
  const env = { HOME, TMPDIR, PATH: '/nowhere' };
  return promisify(execFile)(node, options, { env, timeout: STUCK_AFTER_MS }).then(
    (printed) => ({ ...printed, code: 0 }),
    (error: unknown) => error as Ended,
  );
}

const cellsOf = (line: string): readonly string[] => line.split('|').map((cell) => cell.trim());

describe('The bench', () => {
  it('measures the rows that can run, reports the others, and saves both', async () => {
    const saved = join(await temporaryFolder(), 'results.json');

    const { code, stdout, stderr } = await runBench('upload-1', 'upload-tus', '--size', '1MiB', '--save', saved);

    expect([code, stderr]).toEqual([0, expect.stringContaining('nginx is not installed')]);
    const [header, , ...lines] = stdout.split('\n').filter((line) => line.startsWith('|'));
    expect(cellsOf(header!).slice(1, 8)).toEqual(['row', 'what', 'median', 'min', 'max', 'at least', 'dream']);
    expect(lines.map((line) => cellsOf(line)[1])).toEqual(['upload-1', 'upload-tus']);
    expect(lines[0]).toContain('could not run: nginx is not installed');
    expect(lines[1]).toMatch(
      /Platter [\d.]+ MiB\/s \(CPU s: server [\d.]+, client [\d.]+\); @tus\/server [\d.]+ MiB\/s/,
    );

    const results = await loadResults(saved);
    expect(results.extent).toEqual({ rounds: 3, size: 2 ** 20, media: 1_000_000 });
    const [without, tus] = results.rows;
    expect(without).toMatchObject({ name: 'upload-1', outcome: null, why: 'nginx is not installed', fault: false });
    expect(tus?.outcome?.subject.figures).toHaveLength(3);
    expect(tus?.outcome?.rival?.figures).toHaveLength(3);
    const { min, max } = tus!.outcome!;
    expect(min > 0 && min <= max).toBe(true);
    expect(tableOf(results, results)).toContain('× 1');
  });

  it('prints the names of the rows for an unknown name', async () => {
    const { code, stdout } = await runBench('no-such-row');

    expect([code, stdout]).toEqual([2, expect.stringMatching(/The rows: upload-1, .*start, attacks\./)]);
  });
});

describe('The clients of the bench', () => {
  it('send every byte, count the received ones, and fail on a refusal', async () => {
    let received = 0;
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (received += chunk.length));
      request.on('end', () => {
        const status = request.url === '/refused' ? 404 : 200;
        response.writeHead(status, { 'Content-Length': 100_000 }).end('x'.repeat(100_000));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const bench = new Bench({ rounds: 3, size: 1000, media: 1 });
    try {
      const transfers = await transfersOf(bench);
      const head = headOf('PUT', '/taken', { 'Content-Length': 2500 });

      expect(await transfers.go(port, [head, head], 2500)).toMatchObject({ received: 200_000 });
      expect(received).toBe(5000);
      await expect(transfers.go(port, [headOf('GET', '/refused')], 0)).rejects.toThrow('404');
    } finally {
      await bench.clear();
      server.close();
    }
  });
});
