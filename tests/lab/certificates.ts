/** Certificates for the lab's servers and clients, made with openssl, good for a month. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(folder: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function authority(folder: string, name: string): void {
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=Samband lab ${name}`];
  openssl(folder, 'req', '-x509', ...KEY, '-days', '30', ...files, ...extensions.flatMap((text) => ['-addext', text]));
}

function signed(folder: string, name: string, subject: string, extensions: string, by = 'ca'): void {
  openssl(folder, 'req', ...KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
  writeFileSync(join(folder, `${name}.ext`), `${extensions}\nbasicConstraints=CA:FALSE\n`);
  const signer = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', '30', '-extfile', `${name}.ext`];
  openssl(folder, 'x509', '-req', '-in', `${name}.csr`, ...signer, '-out', `${name}.pem`);
  chmodSync(join(folder, `${name}.key`), 0o600);
}

/**
 * Makes `folder` with ca.pem, other.pem (a CA that signed nothing), server.pem and client.pem, each with its .key. The server's is for
 * localhost and `addresses`, the client's for the subject CN=samband. stranger.pem is for the same subject, by the other CA.
 */
export function makeCertificates(folder: string, addresses: readonly string[] = ['127.0.0.1']): void {
  mkdirSync(folder);
  authority(folder, 'ca');
  authority(folder, 'other');
  const names = ['DNS:localhost', ...addresses.map((address) => `IP:${address}`)].join(',');
  signed(folder, 'server', '/CN=localhost', `subjectAltName=${names}\nextendedKeyUsage=serverAuth`);
  signed(folder, 'client', '/CN=samband', 'extendedKeyUsage=clientAuth');
  signed(folder, 'stranger', '/CN=samband', 'extendedKeyUsage=clientAuth', 'other');
}
