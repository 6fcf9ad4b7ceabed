import type { S3ClientConfig } from '@aws-sdk/client-s3';

type Strategy = Extract<S3ClientConfig['retryStrategy'], { acquireInitialRetryToken: unknown }>;
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;

/** The first pause, before jitter shortens it; doubles with each retry. */
const FIRST_PAUSE_MS = { TRANSIENT: 100, THROTTLING: 500 } as const;
const MAX_PAUSE_MS = 20_000;

/**
 * Attempts a call at most `max` times, when a retry can help. The SDK's own strategy has a quota of
 * retries for all calls, which an outage uses up, so that for hundreds of calls afterwards every
 * transient failure would be final. Here the number of attempts and the time of each call bound the
 * cost of an outage.
 */
export function attempts(max: number): Strategy {
  return {
    acquireInitialRetryToken: async () => Promise.resolve(tokenOf(0)),
    refreshRetryTokenForRetry: async (token, { errorType }) => {
      const failed = token.getRetryCount() + 1;
      const first = errorType === 'TRANSIENT' || errorType === 'THROTTLING' ? FIRST_PAUSE_MS[errorType] : null;
      if (first === null || failed >= max) throw new Error('a retry does not help');
      const pause = Math.min(first * 2 ** (failed - 1), MAX_PAUSE_MS) * Math.random();
      await new Promise((resolve) => setTimeout(resolve, pause));
      return tokenOf(failed);
    },
    recordSuccess: () => undefined,
  };
}

function tokenOf(repetitions: number): Token {
  return { getRetryCount: () => repetitions, getRetryDelay: () => 0 };
}
