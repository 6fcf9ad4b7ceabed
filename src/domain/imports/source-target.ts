import { DomainError } from '../shared/domain-error.ts';

/** The hosts and ports that the operator permits. */
export interface SourceRules {
  /** Host names and addresses; `*.` before a name stands for all names below it. Any if empty. */
  readonly hosts: readonly string[];
  /** Ports besides 80 and 443. */
  readonly ports: readonly number[];
}

/** The server of a URL. */
export interface SourceTarget {
  readonly url: URL;
  /** A name in lower case, without a dot at its end, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

const USUAL_PORTS = [80, 443];
const MAX_NAME_LENGTH = 253;
const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const IPV6 = /^\[([0-9a-f:]+)\]$/;
const EVERY_NAME_BELOW = '*.';

/**
 * Returns the server of a URL. The parser of URLs has turned numbers (`http://2130706433/`,
 * `0x7f.1`) into addresses and names of other scripts into ASCII; a name that it lets through but
 * that is no host name is refused.
 *
 * @throws DomainError `url-invalid`
 */
export function sourceTarget(url: URL, { hosts, ports }: SourceRules): SourceTarget {
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') throw invalid('only http and https URLs can be imported');
  if (url.username !== '' || url.password !== '') throw invalid('a URL must not have a user name or a password');
  const host = hostOf(url);
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  if (!USUAL_PORTS.includes(port) && !ports.includes(port)) throw invalid(`port ${port} is not permitted for imports`);
  if (hosts.length > 0 && !hosts.some((pattern) => matches(host, pattern))) {
    throw invalid('the operator does not permit imports from this host');
  }
  return { url, host, port, isSecure };
}

function hostOf({ hostname }: URL): string {
  const [, address] = IPV6.exec(hostname) ?? [];
  if (address !== undefined) return address;
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) throw invalid('the host of the URL is no host name');
  return name;
}

/** `pattern` is in lower case. */
function matches(host: string, pattern: string): boolean {
  return pattern.startsWith(EVERY_NAME_BELOW) ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function invalid(reason: string): DomainError {
  return new DomainError('url-invalid', { reason });
}
