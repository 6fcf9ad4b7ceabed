/** Whoever takes the bytes of removed media away. */
export interface Removals {
  /**
   * Says that media have entered `removing`, so that what is still being uploaded into them stops
   * and their bytes go soon. Promises nothing more: without it they go too, only later. Never
   * fails, returns at once, and may be called as often as one likes.
   */
  wake(): void;
}
