/** Where the middleware of a call knows the request, and has not signed it. */
export const BEFORE_SIGNING = { step: 'build', name: 'signPayload' } as const;

/**
 * Signs a request with the known hash of its body, which the SDK would otherwise compute on the
 * event loop.
 */
export function signPayload(sha256: string) {
  return <Args extends { readonly request: unknown }, Sent>(next: (args: Args) => Promise<Sent>) =>
    async (args: Args): Promise<Sent> => {
      (args.request as { readonly headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(args);
    };
}
