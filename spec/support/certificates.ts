import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
  /** Both in one file, as Java's PEM key stores have them. */
  readonly both: string;
}

export interface Authority {
  /** Path of its own certificate, PEM. */
  readonly ca: string;
  /** Vouches for a server of these names, or for a client. */
  certify(name: string, subjects: readonly string[]): Certified;
}

/** A new authority, by openssl, that keeps its files in a folder; they are good for a day. */
export function authorityIn(folder: string, name = 'authority'): Authority {
  const path = (file: string): string => join(folder, file);
  const openssl = (...args: readonly string[]): unknown => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const [ca, caKey] = [path(`${name}.pem`), path(`${name}.key.pem`)];
  openssl('req', '-x509', ...newKey, '-subj', `/CN=${name} of the specs`, '-keyout', caKey, '-out', ca);
  return {
    ca,
    certify(who, subjects) {
      const [certificate, key, both] = [path(`${who}.pem`), path(`${who}.key.pem`), path(`${who}.both.pem`)];
      const alternatives = subjects.length === 0 ? [] : ['-addext', `subjectAltName=${subjects.join()}`];
      openssl('req', '-x509', '-CA', ca, '-CAkey', caKey, ...newKey, '-subj', `/CN=${who}`, '-addext', 'basicConstraints=critical,CA:FALSE', ...alternatives, '-keyout', key, '-out', certificate);
      writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
      return { certificate, key, both };
    },
  };
}
