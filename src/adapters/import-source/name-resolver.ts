import { promises as dns } from 'node:dns';
import { codeOf } from '../shared/error-code.ts';

/**
 * Returns all addresses of a name, in the order in which they are tried; none if there are none.
 */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** The name does not exist, or has no address. */
const NO_ADDRESS: readonly (string | null)[] = ['ENOTFOUND', 'ENODATA'];

/**
 * Returns a resolver that asks these DNS servers, or those of the system if there are none. It uses
 * no file of hosts and no search list, so that names are those of the public internet; no thread of
 * the process, which slow servers would occupy; and no cache. It rejects if a question is not
 * answered.
 */
export function nameResolver(servers: readonly string[]): ResolveName {
  return async (name, signal) => {
    const resolver = new dns.Resolver();
    if (servers.length > 0) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const questions = [resolver.resolve4(name), resolver.resolve6(name)].map(unlessMissing);
      return (await Promise.all(questions)).flat();
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}

async function unlessMissing(answer: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await answer;
  } catch (error) {
    if (NO_ADDRESS.includes(codeOf(error))) return [];
    throw error;
  }
}
