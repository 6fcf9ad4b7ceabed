/** A licence that the operator defines; users pay for it or accept it. */
export interface Licence {
  /** Unique; items refer to it by this name. */
  readonly name: string;
  /** Unique and constant. */
  readonly number: number;
  readonly longName: string;
  /** How it is billed, such as `instance`. */
  readonly type: string;
  /** Whether more of it may be used than was bought. */
  readonly burstable: boolean;
  /** The property of a server that is counted, such as `smp`. */
  readonly userMetric: string;
}

/** A licence as the operator declares it; without a number it gets the next one. */
export type DeclaredLicence = Omit<Licence, 'number'> & { readonly number: number | null };

/** The need of an item for an amount of a licence. */
export interface LicenceNeed {
  /** The name of the licence. */
  readonly licence: string;
  readonly amount: number;
}

/** A licence that an item needs, in full. */
export interface BoundLicence {
  readonly licence: Licence;
  readonly amount: number;
}
