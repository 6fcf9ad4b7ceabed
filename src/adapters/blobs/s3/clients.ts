import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { attempts } from './attempts.ts';
import type { S3Location, S3Terms } from './s3-location.ts';

/** Milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 60_000;
/**
 * From the first byte of a request to the first byte of its answer: a large part over a slow line.
 * Milliseconds.
 */
const RESPONSE_TIMEOUT_MS = 15 * 60_000;
const MAX_ATTEMPTS = 5;
/** Far above what uploads need. More downloads than this at once wait for a connection. */
const MAX_CONNECTIONS = 1024;

/** How one pool talks to its server. */
export interface S3Clients {
  readonly calls: S3Client;
  /**
   * For bytes on their way out, where a connection is silent for as long as whoever reads them is
   * slow.
   */
  readonly reads: S3Client;
  /** Talks to nobody: signs addresses on the endpoint that clients reach. */
  readonly links: S3Client;
}

/** Nothing is sent by this. */
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
    // Whoever asks first waits for the answer, and the SDK opens a connection for every such
    // request.
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
 * What time it is for the server that a client talks to, as its last answers have it: it judges by
 * its own clock whether a signature has expired, and the host's may be wrong by hours.
 */
export function serverTime({ config }: S3Client): Date {
  return new Date(Date.now() + config.systemClockOffset);
}

/** Servers of one's own seldom have regions, but every signature names one. */
function regionOf({ region, endpoint }: S3Location): { region?: string } {
  if (region !== null) return { region };
  return endpoint === null ? {} : { region: 'us-east-1' };
}
