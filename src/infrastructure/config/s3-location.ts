import { z } from 'zod';
import type { S3Location } from '../../adapters/blobs/s3/s3-location.ts';

/** Accepts the bucket names of older rules and of other servers, too. */
export const bucketName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/, 'must be the name of a bucket');

/** Excludes keys that a URL would normalise, since they would not round-trip. */
export const keyPrefix = z
  .string()
  .max(512)
  .regex(
    /^(?:[A-Za-z0-9!_.*'()-]+\/?)*$/,
    "must be made of letters, digits and -_.!*'() with single slashes between them",
  )
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..'), 'must not have . or .. in it');

/** A URL such as `https://s3.example.com:9000`. */
export const httpUrl = z
  .string()
  .refine(isPlainUrl, 'must be a URL that begins with http:// or https://, without a user');

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username + search + hash === '';
}

/**
 * Completes a location. `forcePathStyle` defaults to true with an endpoint, since such servers
 * rarely have a host name for each bucket.
 */
export function s3Location(
  location: Omit<S3Location, 'forcePathStyle'> & { readonly forcePathStyle: boolean | null },
): S3Location {
  return { ...location, forcePathStyle: location.forcePathStyle ?? location.endpoint !== null };
}
