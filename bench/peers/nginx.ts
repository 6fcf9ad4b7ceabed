import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../frame/bench.ts';
import { start } from '../frame/program.ts';
import { CannotRun } from '../frame/row.ts';
import { headOf } from '../client/transfers.ts';
import { freePort } from './free-port.ts';
import type { Catalogue } from './server.ts';

export interface NginxOptions {
  /** Whether the kernel sends the files (`sendfile on`); not the default of nginx. */
  readonly sendfile: boolean;
}

/**
 * Starts the nginx of this machine with WebDAV. It stores a PUT without hash and fsync.
 *
 * @throws CannotRun without nginx
 */
export async function startNginx(bench: Bench, { sendfile }: NginxOptions = { sendfile: false }): Promise<Catalogue> {
  await requireNginx();
  const folder = await bench.folder();
  const files = join(folder, 'files');
  await mkdir(files);
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, sendfile));
  const { pid } = await start(bench, {
    command: ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')],
    log: join(folder, 'output'),
  });
  await listening(port);
  let named = 0;
  return {
    name: sendfile ? 'nginx with sendfile' : 'nginx',
    pid,
    port,
    async upload(bytes) {
      named += 1;
      return headOf('PUT', `/upload-${named}`, { 'Content-Length': bytes });
    },
    async download() {
      const [first] = await readdir(files);
      return headOf('GET', `/${first ?? ''}`);
    },
    async empty() {
      for (const name of await readdir(files)) await rm(join(files, name));
    },
  };
}

async function requireNginx(): Promise<void> {
  const found = await promisify(execFile)('nginx', ['-V']).catch(() => null);
  if (found === null) throw new CannotRun('nginx is not installed');
  if (!found.stderr.includes('http_dav_module')) throw new CannotRun('this nginx has no WebDAV (ngx_http_dav_module)');
}

/** Returns a configuration with defaults, a worker per core and WebDAV; `sendfile` as in Debian. */
function configuration(folder: string, port: number, sendfile: boolean): string {
  const { username } = userInfo();
  return `
${process.getuid?.() === 0 ? `user ${username};` : ''}
daemon off;
worker_processes auto;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 768; }
http {
  ${sendfile ? 'sendfile on; tcp_nopush on;' : 'sendfile off;'}
  access_log off;
  client_body_temp_path ${folder}/arriving;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
    client_max_body_size 0;
    location / { dav_methods PUT; }
  }
}
`;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const socket = createConnection(port, '127.0.0.1');
    const answered = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answered) return;
    await delay(10);
  }
  throw new Error('nginx does not listen');
}
