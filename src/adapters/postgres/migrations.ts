import type { Migration } from './migration.ts';
import { depot } from './migrations/0001-depot.ts';
import { imageFacts } from './migrations/0002-image-facts.ts';
import { fingerprints } from './migrations/0003-fingerprints.ts';
import { settling } from './migrations/0004-settling.ts';
import { labels } from './migrations/0010-labels.ts';
import { library } from './migrations/0011-library.ts';
import { jobs } from './migrations/0012-jobs.ts';
import { serversTags } from './migrations/0013-servers-tags.ts';
import { privateCopies } from './migrations/0015-private-copies.ts';
import { audit } from './migrations/0016-audit.ts';
import { scrub } from './migrations/0017-scrub.ts';
import { places } from './migrations/0018-places.ts';
import { foldedNames } from './migrations/0019-folded-names.ts';
import { attachmentRights } from './migrations/0021-attachment-rights.ts';
import { homeGroups } from './migrations/0022-home-groups.ts';
import { abandonedMedia } from './migrations/0023-abandoned-media.ts';
import { encryptionAndDerivedCapacity } from './migrations/0024-encryption-and-derived-capacity.ts';
import { composedNames } from './migrations/0025-composed-names.ts';
import { authkeyLife } from './migrations/0026-authkey-life.ts';
import { makers } from './migrations/0027-makers.ts';
import { jobTenants } from './migrations/0028-job-tenants.ts';
import { items } from './migrations/0029-items.ts';
import { origins } from './migrations/0030-origins.ts';
import { definitionBytes } from './migrations/0031-definition-bytes.ts';
import { uploads } from './migrations/0032-uploads.ts';
import { auditChannels } from './migrations/0033-audit-channels.ts';
import { comments } from './migrations/0034-comments.ts';
import { uploadMetadata } from './migrations/0035-upload-metadata.ts';
import { chunks } from './migrations/0036-chunks.ts';
import { signingKeys } from './migrations/0037-signing-keys.ts';
import { loginSessions } from './migrations/0039-login-sessions.ts';
import { apiTokens } from './migrations/0040-api-tokens.ts';
import { mediaLists } from './migrations/0043-media-lists.ts';
import { provenance } from './migrations/0044-provenance.ts';
import { protectedMedia } from './migrations/0045-protected-media.ts';
import { trash } from './migrations/0046-trash.ts';
import { links } from './migrations/0047-links.ts';
import { itemMoves } from './migrations/0050-item-moves.ts';
import { idempotencyKeys } from './migrations/0051-idempotency-keys.ts';
import { replicas } from './migrations/0052-replicas.ts';
import { imports } from './migrations/0053-imports.ts';
import { sourceChecksums } from './migrations/0054-source-checksums.ts';
import { jobGroups } from './migrations/0065-job-groups.ts';

/** All migrations, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  depot,
  imageFacts,
  fingerprints,
  settling,
  labels,
  library,
  jobs,
  serversTags,
  privateCopies,
  audit,
  scrub,
  places,
  foldedNames,
  attachmentRights,
  homeGroups,
  abandonedMedia,
  encryptionAndDerivedCapacity,
  composedNames,
  authkeyLife,
  makers,
  jobTenants,
  items,
  origins,
  definitionBytes,
  uploads,
  auditChannels,
  comments,
  uploadMetadata,
  chunks,
  signingKeys,
  loginSessions,
  apiTokens,
  mediaLists,
  provenance,
  protectedMedia,
  trash,
  links,
  itemMoves,
  idempotencyKeys,
  replicas,
  imports,
  sourceChecksums,
  jobGroups,
];

/** The table in which knex records the migrations. */
export const TABLE = 'migrations';
