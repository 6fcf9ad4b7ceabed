import type { BoundLicence, DeclaredLicence, Licence, LicenceNeed } from '../../domain/library/licence.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';

export interface LicenceRepository {
  /**
   * Makes these the declared licences; one without a number keeps the one it has, or gets the next.
   * Those that are not among them are withdrawn: they stay for the media that need them. No number
   * may belong to a licence that is not among them.
   */
  declare(licences: readonly DeclaredLicence[]): Promise<void>;
  /** Every licence there is, withdrawn ones too, by ascending name. */
  all(): Promise<readonly Licence[]>;
  /** The declared licences, by ascending name. */
  list(page: PageTerms): Promise<Page<Licence>>;
  /** Forgets withdrawn licences that no media need. */
  forgetUnneeded(): Promise<void>;
  /** Makes these the licences that media need. Each is there. */
  bind(media: MediaId, needs: readonly LicenceNeed[]): Promise<void>;
  /** Adds to what media need what others need, such as the source of a clone. */
  inherit(media: MediaId, from: MediaId): Promise<void>;
  /** What each of these media need, by ascending name; media that need nothing are left out. */
  neededBy(media: readonly MediaId[]): Promise<ReadonlyMap<MediaId, readonly BoundLicence[]>>;
}
