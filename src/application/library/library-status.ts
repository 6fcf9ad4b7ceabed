/**
 * Whether the library file has been applied since this process started. Until then declared drives
 * may be missing; those that come from URLs may be missing after it as well.
 */
export class LibraryStatus {
  #state: 'none' | 'publishing' | 'published';

  /** `isDeclared`: whether there is a library file. */
  constructor(isDeclared: boolean) {
    this.#state = isDeclared ? 'publishing' : 'none';
  }

  get state(): 'none' | 'publishing' | 'published' {
    return this.#state;
  }

  /** Reports that the library file has been applied, with or without faults. */
  markApplied(): void {
    if (this.#state === 'publishing') this.#state = 'published';
  }
}
