import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { generateSigningKey } from '../core/bundle-format'
import { inspectBundle, keyFileCommands } from '../core/bundles'
import { VerdictQuestion } from '../model/bundle'
import { WorkbenchError } from '../model/errors'
import { writeFileDurably } from '../storage/objects/durable-files'
import { EXIT } from './output'
import { addCountersign } from './countersign-command'
import { addKeptBundles } from './kept-bundles'
import { askPassphrase } from './passphrase'
import { describeReport } from './report-text'
import type { AddCommand, CommandGroup } from './command'
import { modelNamed } from './named-model'
import { refuseToOverwrite } from './text-file'
import { gather, readTrustOptions, withTrust } from './trust-options'
import { inWorkspace } from './workspace-client'

const verifyClosing = `
Exit codes: 0 holds; 1 altered, or not by an author whom you trust; 4 intact, but rejected by somebody whom you trust;
5 intact, but something that you asked is missing, or you said nobody whom you trust. The last line says what was not checked.`

const verdictExits = { holds: EXIT.done, altered: EXIT.refuted, rejected: EXIT.rejected, insufficient: EXIT.insufficient } as const

/** @throws WorkbenchError INVALID_INPUT */
function readQuestion({ approvals, gate, stage }: Record<string, unknown>): VerdictQuestion {
  const question = VerdictQuestion.safeParse({ gate, stage, ...(approvals !== undefined && { approvals: Number(approvals) }) })
  if (question.success) return question.data
  const [name] = question.error.issues[0]!.path
  const takes = { approvals: 'a number of persons from 1', gate: '"pass"', stage: '"released"' }[String(name)]
  const given = { approvals, gate, stage }[String(name)]
  throw new WorkbenchError('INVALID_INPUT', `--${String(name)} takes ${takes}, not "${String(given)}". Nothing was verified.`)
}

const ofVerify = { key: 'key', ca: 'ca' } as const

const addBundleCommands = (add: AddCommand): void => {
  add(
    'keygen',
    'make a passphrase-protected P-256 signing key',
    (c) =>
      c
        .requiredOption('--out <key.pem>', 'where the private key goes')
        .requiredOption('--public-out <pub.pem>', 'where the public key goes'),
    async ({ output, signal }, _positional, options) => {
      const [keyPath, publicPath] = [resolve(String(options.out)), resolve(String(options.publicOut))]
      if (keyPath === publicPath)
        throw new WorkbenchError('INVALID_INPUT', '--out and --public-out name the same file. The private key needs a file of its own.')
      for (const path of [keyPath, publicPath]) refuseToOverwrite(path)
      const key = await generateSigningKey({ passphrase: await askPassphrase('Passphrase for the new key', { confirm: true, signal }) })
      await writeFileDurably(keyPath, key.privateKeyPem, 0o600)
      try {
        await writeFileDurably(publicPath, key.publicKeyPem)
      } catch (error) {
        // Half a key pair would only stand in the way of the next try.
        await rm(keyPath, { force: true })
        throw error
      }
      output.result({ key: keyPath, publicKey: publicPath, fingerprint: key.fingerprint }, [
        `Private key ${keyPath}`,
        `Public key  ${publicPath}`,
        `Fingerprint ${key.fingerprint}`
      ])
    }
  )
  add(
    'export',
    'export a registered model as a signed bundle',
    (c) =>
      c
        .argument('<model@version>', 'such as strike-damage@1')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .requiredOption('--key <key.pem>', "the signer's private key")
        .requiredOption('--out <path>', 'a .drydock file, or a new directory')
        .option('--chain <chain.pem>', 'certificate chain of the key, its own certificate first')
        .option(
          '--tsa-command <command>',
          'asks a time-stamping authority (RFC 3161): gets the request on stdin and answers on stdout, or by the files {request} and {reply}'
        ),
    (context, [reference], options) =>
      inWorkspace(context, options.workspace, async (workspace) => {
        const { name, version } = await modelNamed(workspace, reference)
        const exported = await workspace.do(
          keyFileCommands.export,
          {
            name,
            version,
            path: resolve(String(options.out)),
            keyPath: resolve(String(options.key)),
            passphrase: await askPassphrase('Passphrase of the key', { signal: context.signal }),
            chainPath: options.chain === undefined ? undefined : resolve(String(options.chain)),
            tsaCommand: options.tsaCommand as string | undefined,
            tsaDirectory: process.cwd()
          },
          {
            signal: context.signal,
            onProgress: ({ message, fraction }) =>
              context.output.note(`[${String(Math.round((fraction ?? 0) * 100)).padStart(3)}%] ${message}`)
          }
        )
        for (const warning of exported.warnings ?? []) context.output.note(`warning: ${warning}`)
        context.output.result(exported, [
          `Exported ${name}@${version} to ${exported.path}`,
          `root   ${exported.rootSha256}`,
          `signer ${exported.fingerprint}`
        ])
      })
  )
  add(
    'verify',
    'verify a bundle: every file, the signature, the author, and what else is asked of it',
    (c) =>
      withTrust(c.argument('<path>', 'a .drydock file or a bundle directory'), ofVerify)
        .option('--reviewer <key-or-cert.pem>', 'public key or certificate of a reviewer; give it once for each person', gather)
        .option('--approvals <n>', 'so many persons whom you trust must approve, the author not counted')
        .option('--gate <pass>', 'the enclosed policy must be met by the enclosed evidence')
        .option('--stage <released>', 'somebody whom you trust must have signed the release')
        .addHelpText('after', verifyClosing),
    async ({ output, signal }, [path], options) => {
      const trust = { ...readTrustOptions(options, ofVerify), reviewerPaths: options.reviewer as string[] | undefined }
      const { report, model } = await inspectBundle(resolve(path), trust, { signal, question: readQuestion(options) })
      // A bundle can be whole and its figures still say little, or its own gate have failed: the verdict is about neither.
      const concern = model?.concern
      output.result({ ...report, ...(concern && { concern }) }, describeReport(report, concern?.text))
      return verdictExits[report.verdict]
    }
  )
}

export const bundleCommands: CommandGroup = {
  place: 5,
  nouns: { bundle: 'what was exported, and the decisions that came back' },
  add(add) {
    addBundleCommands(add)
    addCountersign(add)
    addKeptBundles(add)
  }
}
