/** How a clone without a name of its own is named (docs/cloudsigma.md#clone-naming). */
export type CloneNaming = 'NONE' | 'COUNTER' | 'DATE' | 'TIMESTAMP';

/** The name and the settings of a user. */
export interface Profile {
  readonly firstName: string;
  readonly lastName: string;
  readonly cloneNaming: CloneNaming;
  /** When the user was created. */
  readonly since: Date;
}

/** The fields to update; undefined ones stay. */
export interface ProfileChanges {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly cloneNaming?: CloneNaming | undefined;
}
