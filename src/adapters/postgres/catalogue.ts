import type { CatalogueRepository } from '../../application/ports/catalogue-repository.ts';
import {
  isSearch,
  type ItemDetails,
  type ListedItem,
  type MediaFilter,
  type MediaSort,
  type Viewer,
} from '../../domain/media/media-listing.ts';
import type { ImageFormat } from '../../domain/media/formats/image-format.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { countStatement, itemStatement, pageStatement } from './media-pages.ts';
import { stateFrom, type PersistedState } from './persisted-names.ts';
import { firstRow, rowsPlannedOnce, searchedRows, touch } from './query.ts';
import type { Session } from './session.ts';

/** An item as its JSON has it. */
type ItemRow = Omit<ListedItem, 'facts' | 'state'> &
  Omit<ImageFacts, 'format'> & { readonly format: ImageFormat | null; readonly state: PersistedState };

/** Reads the list of all items from PostgreSQL. */
export class PostgresCatalogue implements CatalogueRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async list(viewer: Viewer, filter: MediaFilter, terms: KeysetTerms<MediaSort>): Promise<KeysetPage<ListedItem>> {
    const isNarrowed = isSearch(filter);
    const [row, count] = await Promise.all([
      firstRow<{ listed: readonly ItemRow[] }>(
        this.#session,
        ...pageStatement(viewer, filter, terms),
        isNarrowed ? searchedRows : rowsPlannedOnce,
      ),
      terms.counts ? firstRow<{ total: string }>(this.#session, ...countStatement(viewer, filter), searchedRows) : null,
    ]);
    const found = row?.listed ?? [];
    const last = found.length > terms.limit ? found[terms.limit - 1] : undefined;
    return {
      items: found.slice(0, terms.limit).map(itemFrom),
      last: last === undefined ? null : { value: last[terms.sort], id: last.id },
      total: count === null ? null : Number(count.total),
    };
  }

  async find(viewer: Viewer, id: MediaId): Promise<ItemDetails | null> {
    const row = await firstRow<{ item: DetailsRow }>(this.#session, ...itemStatement(viewer, id), rowsPlannedOnce);
    if (row === null) return null;
    const { kind, source, url, checksum, channel, ...item } = row.item;
    const { description, tags, serverCount, servers, clones, verified, damaged } = item;
    const provenance = kind === null ? null : { kind, source, url, checksum, channel };
    return {
      ...itemFrom(item),
      description,
      tags,
      provenance,
      serverCount,
      servers,
      clones,
      verified,
      damaged,
    };
  }

  async describe(id: MediaId, description: string | null): Promise<void> {
    await touch(this.#session, 'update media set description = ? where id = ?', [description, id]);
  }
}

type DetailsRow = ItemRow &
  Pick<ItemDetails, 'description' | 'tags' | 'serverCount' | 'servers' | 'clones' | 'verified' | 'damaged'> & {
    readonly kind: Provenance['kind'] | null;
  } & Omit<Provenance, 'kind'>;

/** Returns the item of a row. */
function itemFrom({ format, virtualSize, label, encrypted, state, ...row }: ItemRow): ListedItem {
  return {
    id: row.id,
    group: row.group,
    pool: row.pool,
    name: row.name,
    type: row.type,
    size: row.size,
    storedBytes: row.storedBytes,
    readOnly: row.readOnly,
    state: stateFrom(state),
    sha256: row.sha256,
    facts: format === null ? null : { format, virtualSize, label, encrypted },
    created: row.created,
    creator: row.creator,
    inUse: row.inUse,
    protected: row.protected,
  };
}
