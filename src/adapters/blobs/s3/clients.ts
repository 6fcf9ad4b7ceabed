import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { attempts } from './attempts.ts';
import type { S3Location, S3Terms } from './s3-location.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 60_000;
/**
 * From the first byte of a request to the first byte of its response; allows for a large part over
 * a slow line.
 */
const RESPONSE_TIMEOUT_MS = 15 * 60_000;
const MAX_ATTEMPTS = 5;
/** More than uploads need. Downloads beyond this wait for a connection. */
const MAX_CONNECTIONS = 1024;

/** The clients of one pool. */
export interface S3Clients {
  readonly calls: S3Client;
  /** For reads of bytes, whose connection is silent while the reader is slow. */
  readonly reads: S3Client;
  /** Sends nothing: signs URLs for the endpoint that clients reach. */
  readonly links: S3Client;
}

/** Creates the clients. Sends nothing. */
export function openClients(location: S3Location, terms: S3Terms): S3Clients {
  const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const limits = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: RESPONSE_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  };
  const common: S3ClientConfig = {
    ...(location.endpoint === null ? {} : { endpoint: location.endpoint }),
    ...regionOf(location),
    forcePathStyle: location.forcePathStyle,
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: attempts(MAX_ATTEMPTS),
    requestChecksumCalculation: terms.checksums,
    responseChecksumValidation: 'WHEN_REQUIRED',
    // With `Expect: 100-continue` the client waits for the response first, and the SDK opens a new
    // connection for each such request.
    expectContinueHeader: false,
  };
  return {
    calls: new S3Client({ ...common, requestHandler: { ...limits, socketTimeout: IDLE_TIMEOUT_MS } }),
    reads: new S3Client({ ...common, requestHandler: { ...limits, requestTimeout: IDLE_TIMEOUT_MS } }),
    links: new S3Client({
      ...common,
      ...(location.publicEndpoint === null ? {} : { endpoint: location.publicEndpoint }),
    }),
  };
}

/**
 * Returns the time of the server, from its last responses: it checks the expiry of signatures by
 * its own clock, and the host's may be wrong by hours.
 */
export function serverTime({ config }: S3Client): Date {
  return new Date(Date.now() + config.systemClockOffset);
}

/** Self-hosted servers seldom have regions, but every signature names one. */
function regionOf({ region, endpoint }: S3Location): { region?: string } {
  if (region !== null) return { region };
  return endpoint === null ? {} : { region: 'us-east-1' };
}
