import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A time-stamping authority that OpenSSL makes: `NAME.root.pem` and what it needs to answer, in the folder. */
export function makeTimeAuthority(folder: string, name: string): void {
  const path = (file: string) => join(folder, file)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout']
  openssl('req', '-x509', ...key, path(`${name}.root.key`), '-out', path(`${name}.root.pem`), '-subj', `/O=Clock/CN=${name} root`, '-days', '3650') // prettier-ignore
  openssl('req', ...key, path(`${name}.key`), '-out', path(`${name}.csr`), '-subj', `/O=Clock/CN=${name}`)
  writeFileSync(path(`${name}.ext`), 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n') // prettier-ignore
  openssl('x509', '-req', '-in', path(`${name}.csr`), '-CA', path(`${name}.root.pem`), '-CAkey', path(`${name}.root.key`), '-CAcreateserial', '-extfile', path(`${name}.ext`), '-days', '3650', '-out', path(`${name}.pem`)) // prettier-ignore
  writeFileSync(path(`${name}.cnf`), `[tsa]\ndefault_tsa=t\n[t]\nserial=${path('serial')}\ncrypto_device=builtin\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\nordering=no\ntsa_name=no\ness_cert_id_chain=no\n`) // prettier-ignore
}

/** What lets OpenSSL answer as that authority. */
export const stampArguments = (folder: string, name: string, request: string, reply: string): string[] => {
  const path = (ending: string) => join(folder, `${name}.${ending}`)
  return ['ts', '-reply', '-config', path('cnf'), '-queryfile', request, '-signer', path('pem'), '-inkey', path('key'), '-out', reply]
}
