import { z } from 'zod';
import { recordOf } from '../../adapters/http/shared/record-of.ts';
import type { LibraryEntry, LibrarySource } from '../../domain/library/library-drive.ts';
import type { Pool } from '../../domain/pools/pool.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';

/**
 * A text that PostgreSQL can store. YAML reads an unquoted `12.10` as a number and loses its zero.
 */
export const text = z
  .string('must be text: put it in quotes')
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed Unicode without NUL');

/** A short text that follows the rules of names (`requireName`). */
export const label = text.superRefine((value, context) => {
  try {
    requireName(value);
  } catch (error) {
    if (!isFailure(error, 'name-invalid')) throw error;
    context.addIssue({ code: 'custom', message: error.detail.reason });
  }
});

const meta = recordOf(z.string().min(1).max(32, 'a key has at most 32 characters'), text);

/** A library drive as declared, without the source of its bytes. */
export const libraryEntry = z.strictObject({
  name: label,
  media: z.enum(['cdrom', 'disk']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits, as sha256sum prints them'),
  os: label.default('other'),
  arch: z.union([z.literal(32), z.literal(64), label], 'must be 32, 64 or another text').default(64),
  distribution: label.optional(),
  version: label.optional(),
  category: z.array(label).default([]),
  image_type: label.optional(),
  description: text.optional(),
  install_notes: text.optional(),
  paid: z.boolean().default(false),
  favourite: z.boolean().default(false),
  url: text.default(''),
  default_user: label.optional(),
  meta: meta.default({}),
  licences: z.array(z.strictObject({ licence: label, amount: z.int().min(1).default(1) })).default([]),
  uuid: z.uuid().optional(),
  pool: z.int().min(0).optional(),
});

export type DeclaredEntry = z.output<typeof libraryEntry>;

/** Maps a declared entry to the entry of the application. */
export function entryFrom(declared: DeclaredEntry, source: LibrarySource, pool: Pool): LibraryEntry {
  const type = declared.media === 'cdrom' ? 'ISO' : 'DISK';
  return {
    id: declared.uuid === undefined ? null : (declared.uuid.toLowerCase() as MediaId),
    pool: pool.id,
    type,
    sha256: declared.sha256.toLowerCase(),
    source,
    licences: declared.licences,
    facts: {
      name: declared.name,
      description: declared.description ?? null,
      os: declared.os,
      arch: String(declared.arch),
      distribution: declared.distribution ?? null,
      version: declared.version ?? null,
      category: declared.category,
      imageType: declared.image_type ?? (type === 'ISO' ? 'install' : 'preinst'),
      installNotes: declared.install_notes ?? null,
      paid: declared.paid,
      favourite: declared.favourite,
      url: declared.url,
      defaultUser: declared.default_user ?? null,
      meta: declared.meta,
    },
  };
}
