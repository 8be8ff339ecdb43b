import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { openKeyFile } from '../core/people'
import { AttestationDecision, SignatureMeaning } from '../model/bundle'
import { WorkbenchError } from '../model/errors'
import type { CommandBody } from './command'
import { askPassphrase } from './passphrase'
import { describeReport } from './report-text'
import { readTrustOptions } from './read-trust-options'
import { ofCountersign } from './trust-options'

/** `countersign`: one person's decision about a bundle. */
export const countersign: CommandBody = async (context, [path], options) => {
  const { output, signal } = context
  const app = await context.app()
  const trust = readTrustOptions(options, ofCountersign)
  const decision = AttestationDecision.safeParse(options.decision)
  if (!decision.success) throw new WorkbenchError('INVALID_INPUT', `--decision is approve or reject, not "${String(options.decision)}".`)
  const meaning = SignatureMeaning.safeParse(options.meaning)
  if (!meaning.success)
    throw new WorkbenchError('INVALID_INPUT', `--meaning is author, reviewer, approver or release, not "${String(options.meaning)}".`)
  const keyPath = resolve(String(options.key))
  const passphrase = await askPassphrase('Passphrase of the key', { signal })
  const name = options.name ?? `key ${(await openKeyFile(keyPath, passphrase)).fingerprint.slice(0, 8)}`
  const { attestation, report } = await app.do(
    commands.bundles.countersign,
    {
      path: resolve(path),
      keyPath,
      passphrase,
      ...(options.chain !== undefined && { chainPath: resolve(String(options.chain)) }),
      decision: decision.data,
      meaning: meaning.data,
      name: String(name),
      statement: String(options.statement),
      trust,
      anyAuthor: options.anyAuthor === true
    },
    { signal }
  )
  output.result({ attestation, report }, [`Wrote ${attestation}`, '', ...describeReport(report)])
}
