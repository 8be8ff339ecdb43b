import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { openKeyFile } from '../core/people'
import { AttestationDecision, SignatureMeaning } from '../model/bundle'
import { WorkbenchError } from '../model/errors'
import type { AddCommand } from './command'
import { askPassphrase } from './passphrase'
import { describeReport } from './report-text'
import { readTrustOptions, withTrust } from './trust-options'

const ofCountersign = { key: 'authorKey', ca: 'authorCa' } as const

/** `countersign`: one person's decision about a bundle. */
export const addCountersign = (add: AddCommand): void => {
  add(
    'countersign',
    'check the author of a bundle and add a signed decision to it',
    (c) =>
      withTrust(c.argument('<path>', 'a .drydock file or a bundle directory'), ofCountersign)
        .requiredOption('--key <key.pem>', "the reviewer's private key")
        .requiredOption('--decision <approve|reject>', 'the decision')
        .requiredOption('--statement <text>', 'the sentence that is signed')
        .option('--name <name>', 'printed name of the signer')
        .option(
          '--meaning <meaning>',
          'reviewer, approver or release; the last two take the role approver where --trust names people',
          'reviewer'
        )
        .option('--any-author', 'sign although nothing that you gave vouches for the author')
        .option('--chain <chain.pem>', 'certificate chain of the key'),
    async ({ app, output, signal }, [path], options) => {
      const trust = readTrustOptions(options, ofCountersign)
      const decision = AttestationDecision.safeParse(options.decision)
      if (!decision.success)
        throw new WorkbenchError('INVALID_INPUT', `--decision is approve or reject, not "${String(options.decision)}".`)
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
  )
}
