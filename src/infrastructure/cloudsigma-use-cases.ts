import type { CloudsigmaUseCases } from '../adapters/http/cloudsigma/routes.ts';
import { T, type Parts } from './tokens.ts';

/** What the CloudSigma dialect asks of the application. */
export function cloudsigmaUseCases(parts: Parts): CloudsigmaUseCases {
  return {
    recognise: parts.get(T.Recognise),
    viewProfile: parts.get(T.ViewProfile),
    editProfile: parts.get(T.EditProfile),
    listStorageTypes: parts.get(T.ListStorageTypes),
    listLibrary: parts.get(T.ListLibrary),
    viewLibraryDrive: parts.get(T.ViewLibraryDrive),
    listLicences: parts.get(T.ListLicences),
  };
}
