/** How a directory server is trusted, and how we show who we are. */
import { readFile } from 'node:fs/promises';
import { getCACertificates, type ConnectionOptions } from 'node:tls';
import type { ServerSettings } from '../../settings/index.ts';
import { codeOf, LdapFault } from './faults.ts';

async function pem(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new LdapFault('rejected', `directory.${setting} ${file} cannot be read (${codeOf(error)}).`);
  }
}

/** The system's CAs and the configured one; with `authentication: certificate` our certificate, too. Throws a LdapFault. */
export async function tlsOptions(settings: ServerSettings): Promise<ConnectionOptions> {
  const { caFile, certificateFile, keyFile } = settings;
  const own =
    settings.authentication === 'certificate' && certificateFile !== null && keyFile !== null
      ? { cert: await pem('certificateFile', certificateFile), key: await pem('keyFile', keyFile) }
      : {};
  const configured = caFile === null ? [] : [await pem('caFile', caFile)];
  return {
    ca: [...getCACertificates('default'), ...getCACertificates('system'), ...configured],
    minVersion: 'TLSv1.2',
    ...own,
  };
}
