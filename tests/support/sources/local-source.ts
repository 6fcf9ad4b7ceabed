import {
  HttpImportSource,
  SOURCE_TIMEOUTS,
  type SourceTimeouts,
} from '../../../src/adapters/import-source/http-import-source.ts';
import { nameResolver } from '../../../src/adapters/import-source/name-resolver.ts';
import { PermittedAddresses, type AddressRules } from '../../../src/adapters/import-source/permitted-addresses.ts';
import type { DnsServer } from './dns-server.ts';

/** What an import source of a test may reach. */
export interface LocalTerms {
  readonly ports: readonly number[];
  /** `127.0.0.1` by default. */
  readonly networks?: readonly string[];
  readonly hosts?: readonly string[];
  /** That of the system by default. */
  readonly dns?: DnsServer;
  readonly timeouts?: Partial<SourceTimeouts>;
  readonly ca?: string;
  /** Replaces the rules for addresses: which ones are public, which listed. */
  readonly addresses?: AddressRules;
}

/** Returns the import source of the program, with the usual timeouts unless the test has others. */
export function localSource({
  ports,
  networks = ['127.0.0.1'],
  hosts = [],
  dns,
  timeouts,
  ca,
  addresses,
}: LocalTerms): HttpImportSource {
  return new HttpImportSource({
    rules: { hosts, ports },
    addresses: addresses ?? new PermittedAddresses(networks),
    resolve: nameResolver(dns === undefined ? [] : [dns.address]),
    timeouts: { ...SOURCE_TIMEOUTS, ...timeouts },
    ...(ca === undefined ? {} : { ca }),
  });
}
