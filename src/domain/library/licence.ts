/** Something that has to be paid for or agreed to, as the operator defines it. */
export interface Licence {
  /** Unique; what media name it by. */
  readonly name: string;
  /** Unique; stays the same for as long as the licence is known. */
  readonly number: number;
  readonly longName: string;
  /** How it is billed, such as `instance`. */
  readonly type: string;
  /** Whether it may be used on top of what was bought. */
  readonly burstable: boolean;
  /** What is counted of its user, such as `smp`. */
  readonly userMetric: string;
}

/** A licence as the operator declares it: a number is given to it where it has none. */
export type DeclaredLicence = Omit<Licence, 'number'> & { readonly number: number | null };

/** That media need a licence, and how many of it. */
export interface LicenceNeed {
  /** Its name. */
  readonly licence: string;
  readonly amount: number;
}

/** A licence that media need, with all that is known of it. */
export interface BoundLicence {
  readonly licence: Licence;
  readonly amount: number;
}
