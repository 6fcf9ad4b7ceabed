import type { Caller } from '../../domain/access/caller.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';

/** What a link permits: one user sends one chunk. */
export interface ChunkGrant {
  readonly upload: UploadId;
  /** Zero-based. */
  readonly number: number;
  readonly chunkSize: Bytes;
  /** The user; the rights are looked at when the chunk is sent. */
  readonly caller: Pick<Caller, 'id' | 'uuid' | 'name'> & { readonly tenant: TenantId };
}

/** Signed links to chunks. All processes of an installation accept each other's. */
export interface ChunkLinks {
  /** Returns a token for a URL: letters, digits, `-`, `_` and `.`. Valid for 5 minutes. */
  sign(grant: ChunkGrant): string;
  /** Returns the grant of a token; null if it is forged or its time is over. */
  verify(token: string): ChunkGrant | null;
}
