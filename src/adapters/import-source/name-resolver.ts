import { promises as dns } from 'node:dns';
import { codeOf } from '../shared/error-code.ts';

/**
 * Returns all addresses of a name, in the order in which they are tried; none if there are none.
 */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** The name does not exist, or has no address. */
const NO_ADDRESS: readonly (string | null)[] = ['ENOTFOUND', 'ENODATA'];

/**
 * Returns a resolver that asks these servers, and nothing else: no file of hosts, no search list;
 * that of the host if there are none. It caches nothing. It rejects if the question is not
 * answered.
 */
export function nameResolver(servers: readonly string[]): ResolveName {
  return servers.length === 0 ? askHost : async (name, signal) => askServers(servers, name, signal);
}

async function askHost(name: string): Promise<readonly string[]> {
  const found = await unlessMissing(dns.lookup(name, { all: true, verbatim: true }));
  return found.map(({ address }) => address);
}

async function askServers(servers: readonly string[], name: string, signal: AbortSignal): Promise<readonly string[]> {
  const resolver = new dns.Resolver();
  resolver.setServers(servers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const questions = [resolver.resolve4(name), resolver.resolve6(name)].map(unlessMissing);
    return (await Promise.all(questions)).flat();
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function unlessMissing<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer;
  } catch (error) {
    if (NO_ADDRESS.includes(codeOf(error))) return [];
    throw error;
  }
}
