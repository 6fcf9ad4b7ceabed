import cors from 'cors';

/**
 * Allows pages of any origin to use calls that take authkeys: browsers send cookies automatically,
 * authkeys never. Runs for error answers too, or the browser would hide them. A preflight may name
 * any header.
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
