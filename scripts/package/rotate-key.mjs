#!/usr/bin/env node
/**
 * `node scripts/package/rotate-key.mjs --from OLD.pem --to NEW.pem --version 0.2.0 --out rotation.json [--name NAME]`: writes the statement,
 * signed by both keys, that releases from that version on are signed by the new key. The passphrases stand in DRYDOCK_PASSPHRASE (old key) and
 * DRYDOCK_NEW_PASSPHRASE (new key; the same unless told). `npm run package -- --release-key NEW.pem --rotation rotation.json` takes it along.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'

const option = { type: 'string' }
try {
  const { values } = parseArgs({ options: { from: option, to: option, version: option, out: option, name: option } })
  const missing = ['from', 'to', 'version', 'out'].find((name) => values[name] === undefined)
  if (missing)
    throw new Error(`--${missing} is missing. Nothing was written. Say: --from OLD.pem --to NEW.pem --version 0.2.0 --out rotation.json`)
  const { keyName, openReleaseKey, writeRotation } = await tsImport('./evidence/rotation.ts', import.meta.url)
  const passphrase = process.env.DRYDOCK_PASSPHRASE ?? ''
  const from = await openReleaseKey(values.from, passphrase)
  const key = await openReleaseKey(values.to, process.env.DRYDOCK_NEW_PASSPHRASE ?? passphrase)
  const date = new Date().toISOString().slice(0, 10)
  const name = values.name ?? keyName(values.to)
  const text = writeRotation(from, { name, key }, { fromVersion: values.version, date })
  writeFileSync(values.out, text, { flag: 'wx' })
  console.log(`Wrote ${values.out}: releases from ${values.version} on are signed by ${name}`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
