import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect as connectSecurely } from 'node:tls';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { until } from '../waiting/until.ts';

const CONFIGURATION = join(import.meta.dirname, '..', '..', '..', 'docs', 'nginx.conf');
const NAME = 'platter.example.org';
const PROGRAMS = ['nginx', 'openssl'] as const;

/** nginx with the documented configuration, in front of a Platter. */
export interface Nginx {
  /**
   * The URL for clients without TLS: connections are forwarded by TLS, if the certificate is the
   * expected one.
   */
  readonly url: string;
  /** The port of nginx, with TLS. */
  readonly port: number;
  /** Returns the files that nginx has buffered. */
  strays(): Promise<readonly string[]>;
  /** Returns the access log. */
  accessLog(): Promise<string>;
  stop(): Promise<void>;
}

/** Returns the name of a missing program, or null. */
export function missingForNginx(): string | null {
  return PROGRAMS.find((name) => !isInstalled(name)) ?? null;
}

/**
 * Returns the title of a test that needs nginx. No test is skipped: without nginx the title says
 * that the promise was not seen, and why.
 */
export function titleWithNginx(promise: string): string {
  const missing = missingForNginx();
  return missing === null ? promise : `${promise} (NOT SEEN: there is no ${missing})`;
}

/** Starts nginx with the documented configuration except for ports, name and paths. */
export async function startNginx(platterPort: number): Promise<Nginx> {
  const folder = await temporaryFolder();
  const [key, certificate, log] = ['key.pem', 'certificate.pem', 'access.log'].map((name) => join(folder, name));
  makeCertificate(key!, certificate!);
  const port = await freePort();
  const documented = await readFile(CONFIGURATION, 'utf8');
  const adapted = replaced(documented, {
    'server 127.0.0.1:8090;': `server 127.0.0.1:${platterPort};`,
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
    '/etc/ssl/certs/platter.example.org.pem': certificate!,
    '/etc/ssl/private/platter.example.org.key': key!,
    '/var/log/nginx/platter.log': log!,
  });
  await mkdir(join(folder, 'temp'));
  await writeFile(join(folder, 'platter.conf'), adapted);
  await writeFile(join(folder, 'nginx.conf'), frame(folder));
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = once(child, 'close');
  await until('nginx listens', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${complaints}`);
    return answers(port);
  });
  const bridge = await openBridge(port, await readFile(certificate!));
  return {
    url: `http://127.0.0.1:${(bridge.address() as AddressInfo).port}`,
    port,
    strays: async () => {
      const found = await readdir(join(folder, 'temp'), { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    accessLog: async () => readFile(log!, 'utf8'),
    stop: async () => {
      bridge.close();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Returns the configuration that distributions have around the documented file. */
function frame(folder: string): string {
  const temp = (name: string): string => `${name}_temp_path ${join(folder, 'temp', name)};`;
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `daemon off; worker_processes 1; pid ${join(folder, 'pid')}; error_log stderr warn; ${user}
events { worker_connections 256; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(temp).join(' ')}
  include ${join(folder, 'platter.conf')};
}
`;
}

/** Replaces texts; throws unless each occurs once. */
function replaced(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((rest, [old, fresh]) => {
    const parts = rest.split(old);
    if (parts.length !== 2) throw new Error(`docs/nginx.conf has "${old}" ${parts.length - 1} times`);
    return parts.join(fresh);
  }, text);
}

function makeCertificate(key: string, certificate: string): void {
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', certificate, ...subject], { stdio: 'pipe' });
}

/** Forwards connections by TLS, in both directions. */
async function openBridge(port: number, ca: Buffer): Promise<Server> {
  const bridge = createServer({ allowHalfOpen: true }, (client) => {
    const server = connectSecurely({ host: '127.0.0.1', port, ca, servername: NAME });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      pipeline(from, to).catch(() => {
        client.destroy();
        server.destroy();
      });
    }
  });
  bridge.listen(0, '127.0.0.1');
  await once(bridge, 'listening');
  return bridge;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
