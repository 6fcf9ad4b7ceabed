/**
 * Whether the library has been gone through once since this process started: until then it may lack
 * what is declared.
 */
export class LibraryStatus {
  #state: 'none' | 'publishing' | 'published';

  /** `isDeclared`: whether there is a library to go through at all. */
  constructor(isDeclared: boolean) {
    this.#state = isDeclared ? 'publishing' : 'none';
  }

  get state(): 'none' | 'publishing' | 'published' {
    return this.#state;
  }

  /** Says that a pass has ended, whatever it found. */
  markApplied(): void {
    if (this.#state === 'publishing') this.#state = 'published';
  }
}
