import cors from 'cors';

/**
 * Lets pages of any origin ask, where callers show authkeys, which no browser sends by itself as it
 * does cookies. Error answers pass through here too, or the browser would hide them. A preflight
 * names the headers that it wants to send, and may.
 */
export const crossOrigin = cors({
  origin: '*',
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: [
    'Accept-Ranges',
    'Content-Disposition',
    'Content-Range',
    'ETag',
    'Platter-Warning',
    'Repr-Digest',
    'Retry-After',
    'X-Request-Id',
  ],
  maxAge: 600,
  optionsSuccessStatus: 200,
});
