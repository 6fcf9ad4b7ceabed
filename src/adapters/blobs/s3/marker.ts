import { randomUUID } from 'node:crypto';
import type { MarkerState, LocationOwner } from '../../../application/ports/blob-store.ts';
import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { adviceOn, isSameOwner, MARKER, nameOwner, readOwner, markerStateOf, writeOwner } from '../shared/owner.ts';
import type { Bucket } from './bucket.ts';
import { codeOf, statusOf } from './failures.ts';
import { uploadsOf } from './listing.ts';

/**
 * Claims the bucket's prefix for `owner`. Writes its marker if there is none and the database has
 * no media in the location, and checks that objects can be written.
 *
 * @throws an Error for the operator
 */
export async function claimPrefix(bucket: Bucket, owner: LocationOwner, holdsMedia: boolean): Promise<void> {
  try {
    await requireOwner(bucket, owner, holdsMedia);
    await tryToWrite(bucket);
  } catch (error) {
    throw explain(bucket, error);
  }
}

/** Rejects unless the bucket exists and the prefix has the owner's marker. */
export async function requirePrefix(bucket: Bucket, owner: LocationOwner, signal?: AbortSignal): Promise<void> {
  const found = await readMarker(bucket, signal);
  if (found === null || !isSameOwner(found, owner))
    throw new Error(
      `the marker of the pool (${bucket.prefix}${MARKER}) is missing in ${nameOf(bucket)}: correct its endpoint, bucket and prefix, or restore the marker`,
    );
}

/**
 * Returns the state of the marker for `owner`.
 *
 * @throws unavailable
 */
export async function readMarkerState(bucket: Bucket, owner: LocationOwner): Promise<MarkerState> {
  return markerStateOf(await bucket.text(bucket.prefix + MARKER), owner);
}

async function requireOwner(bucket: Bucket, owner: LocationOwner, holdsMedia: boolean): Promise<void> {
  const found = (await readMarker(bucket)) ?? (holdsMedia ? null : await mark(bucket, owner));
  if (found === null) {
    throw new Error(
      `${nameOf(bucket)} has no marker (${MARKER}) although the pool holds media: correct its endpoint, bucket and prefix`,
    );
  }
  if (isSameOwner(found, owner)) return;
  const others = `give the pool its own bucket or prefix, or delete ${bucket.prefix}${MARKER} there if you are certain that nothing else uses it`;
  throw new Error(`${nameOf(bucket)} belongs to ${nameOwner(found, owner)}: ${adviceOn(found, owner, others)}`);
}

/** Writes the marker. When two processes do so at once, the server decides. */
async function mark(bucket: Bucket, owner: LocationOwner): Promise<LocationOwner | null> {
  await bucket.put(bucket.prefix + MARKER, Buffer.from(writeOwner(owner)), true);
  return readMarker(bucket);
}

async function readMarker(bucket: Bucket, signal?: AbortSignal): Promise<LocationOwner | null> {
  const key = bucket.prefix + MARKER;
  const text = await bucket.text(key, signal);
  return text === null ? null : readOwner(text, `${key} in the bucket ${bucket.name}`);
}

/** Finds missing permissions at start, and not by the first upload. */
async function tryToWrite(bucket: Bucket): Promise<void> {
  const key = `${bucket.prefix}.platter-probe-${randomUUID()}`;
  await bucket.put(key, Buffer.from('written at a start, to see whether it can be\n'));
  await bucket.delete(key);
  await uploadsOf(bucket, key);
}

function nameOf({ name, prefix }: Bucket): string {
  return prefix === '' ? `the bucket ${name}` : `the bucket ${name}, below ${prefix},`;
}

const ADVICE: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: create it, or correct its name and endpoint',
  AccessDenied: 'let the credentials read, write, list and delete objects in it and list and abort uploads',
  InvalidAccessKeyId: 'the server does not know the access key: correct the AWS credentials',
  SignatureDoesNotMatch: 'the secret key is wrong: correct the AWS credentials',
  PermanentRedirect: 'it lies in another region: correct the region',
  AuthorizationHeaderMalformed: 'it lies in another region: correct the region',
  CredentialsProviderError:
    'there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile',
};

/** Adds what the operator can do about an error of the server or the network. */
function explain(bucket: Bucket, error: unknown): Error {
  const cause = isDomainError(error) && error.cause instanceof Error ? error.cause : null;
  if (cause === null) return error instanceof Error ? error : new Error(String(error));
  const status = statusOf(cause);
  const what = codeOf(cause) || (cause as NodeJS.ErrnoException).code || cause.name;
  const advice = ADVICE[what] ?? ADVICE[cause.name] ?? 'make sure that the endpoint is right and reachable';
  return new Error(
    `${nameOf(bucket)} cannot be used (${status === null ? what : `${what}, status ${status}`}): ${advice}`,
    {
      cause,
    },
  );
}
