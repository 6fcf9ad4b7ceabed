/** How a clone is named that nobody named (docs/cloudsigma.md#clone-naming). */
export type CloneNaming = 'NONE' | 'COUNTER' | 'DATE' | 'TIMESTAMP';

/** What users say about themselves, and how they want things done. */
export interface Profile {
  readonly firstName: string;
  readonly lastName: string;
  readonly cloneNaming: CloneNaming;
  /** When the user was made. */
  readonly since: Date;
}

/** What is to be changed; the rest stays. */
export interface ProfileChanges {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly cloneNaming?: CloneNaming | undefined;
}
