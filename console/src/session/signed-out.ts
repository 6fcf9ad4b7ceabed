/** The requests that wait for the user to sign in. */
const waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

/** Asks the user to sign in, once for all requests that wait; resolves when that is done. */
export async function signInAgain(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    tell();
  });
}

/** Lets all waiting requests go on. */
export function signedIn(): void {
  for (const goOn of waiting.splice(0)) goOn();
  tell();
}

/** True while requests wait for the user to sign in. */
export function isSignedOut(): boolean {
  return waiting.length > 0;
}

export function onSignedOutChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
