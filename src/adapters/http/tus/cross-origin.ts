import cors from 'cors';

/**
 * Lets pages of any origin upload with an authkey, which no browser sends unless a page asks it to.
 * Answers every `OPTIONS`, whose other headers say what the server can do.
 */
export const crossOrigin = cors({
  origin: '*',
  methods: ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'],
  exposedHeaders: [
    'Location',
    'Platter-Media',
    'Retry-After',
    'Tus-Checksum-Algorithm',
    'Tus-Extension',
    'Tus-Max-Size',
    'Tus-Resumable',
    'Tus-Version',
    'Upload-Expires',
    'Upload-Length',
    'Upload-Metadata',
    'Upload-Offset',
    'X-Request-Id',
  ],
  maxAge: 600,
  optionsSuccessStatus: 204,
});
