declare module 'fs-native-extensions' {
  /**
   * True when the exclusive lock on the whole file was granted; false when another open file holds
   * it. Never waits.
   */
  export function tryLock(fileDescriptor: number): boolean;
}
