import type { BoundLicence, DeclaredLicence, Licence, LicenceNeed } from '../../domain/library/licence.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';

/** The licences that the operator declares, and the items that need them. */
export interface LicenceRepository {
  /**
   * Replaces the declared licences. One without a number keeps its number, or gets the next.
   * Licences that are not among them are withdrawn, but stay for the items that need them. No
   * number may belong to a licence that is not among them.
   */
  declare(licences: readonly DeclaredLicence[]): Promise<void>;
  /** Returns every licence, withdrawn ones included, by ascending name. */
  all(): Promise<readonly Licence[]>;
  /** Returns the declared licences, by ascending name. */
  list(page: PageTerms): Promise<Page<Licence>>;
  /** Deletes withdrawn licences that no item needs. */
  forgetUnneeded(): Promise<void>;
  /** Replaces the licences that an item needs. All of them exist. */
  bind(media: MediaId, needs: readonly LicenceNeed[]): Promise<void>;
  /** Adds the licences of one item, such as the source of a clone, to another one. */
  inherit(media: MediaId, from: MediaId): Promise<void>;
  /**
   * Returns the licences that each of these items needs, by ascending name; leaves out items that
   * need none.
   */
  neededBy(media: readonly MediaId[]): Promise<ReadonlyMap<MediaId, readonly BoundLicence[]>>;
}
