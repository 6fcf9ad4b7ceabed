import type { Transaction } from '../ports/unit-of-work.ts';

/** Stores the answer to a request. A use case calls it last in the transaction of its change. */
export type KeepAnswer<View> = (tx: Transaction, view: View) => Promise<void>;
