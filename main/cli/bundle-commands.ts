import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { generateSigningKey } from '../core/bundle-format'
import { openKeyFile } from '../core/people'
import { inspectBundle, keyFileCommands } from '../core/bundles'
import { AttestationDecision, SignatureMeaning, type VerificationReport } from '../model/bundle'
import { WorkbenchError } from '../model/errors'
import { writeFileDurably } from '../storage/objects/durable-files'
import { EXIT } from './output'
import { askPassphrase } from './passphrase'
import { withWorkspace, type AddCommand, type CommandGroup } from './command'

const MARK = { pass: 'ok  ', fail: 'FAIL', warn: 'warn', skipped: '--  ' } as const

/** The report as a person reads it: verdict, checks, exact files, decisions. */
export function describeReport(report: VerificationReport): string {
  const lines = [`${report.verdict.toUpperCase()}: ${report.summary}`, '']
  for (const check of report.checks) {
    lines.push(`[${MARK[check.status]}] ${check.title}: ${check.detail}`)
    for (const file of check.files) lines.push(`         ${file.problem}: ${file.name}`)
  }
  if (report.signer) lines.push('', `signer   ${report.signer.certificate?.subject ?? 'key'} ${report.signer.keyFingerprint}`)
  if (report.root) lines.push(`root     ${report.root}`)
  for (const a of report.attestations)
    lines.push(
      `decision ${a.valid ? (a.decision ?? 'none') : 'INVALID'} by ${a.name ?? 'unknown'} (${a.meaning ?? 'no meaning'}) ${a.time ?? ''} ${a.statement ?? a.problem ?? ''}${a.signer ? `\n         ${describeSigner(a)}` : ''}`
    )
  return lines.join('\n')
}

/** A decision names its signer itself; only the key, or a certificate under a trusted root, says who that is. */
function describeSigner({ signer, signedByAuthor }: VerificationReport['attestations'][number]): string {
  if (!signer) return ''
  const whose = signedByAuthor
    ? 'the author of the bundle; not an independent review'
    : signer.anchoredBy === 'none'
      ? 'not among those you trust'
      : 'trusted'
  return `key ${signer.keyFingerprint}${signer.certificate ? `, ${signer.certificate.subject}` : ''}: ${whose}`
}

function refuseToOverwrite(path: string): void {
  if (existsSync(path)) throw new WorkbenchError('CONFLICT', `"${path}" exists already. Nothing was written; choose another name.`)
}

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
      output.result(
        { key: keyPath, publicKey: publicPath, fingerprint: key.fingerprint },
        `Private key ${keyPath}\nPublic key  ${publicPath}\nFingerprint ${key.fingerprint}`
      )
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
        .option('--chain <chain.pem>', 'certificate chain of the key, its own certificate first'),
    (context, [reference], options) =>
      withWorkspace(context, options.workspace, async (workbench) => {
        const { name, version } = workbench.models.resolve(reference)
        const exported = await workbench.do(
          keyFileCommands.export,
          {
            name,
            version,
            path: resolve(String(options.out)),
            keyPath: resolve(String(options.key)),
            passphrase: await askPassphrase('Passphrase of the key', { signal: context.signal }),
            chainPath: options.chain as string | undefined
          },
          {
            signal: context.signal,
            onProgress: ({ message, fraction }) =>
              context.output.note(`[${String(Math.round((fraction ?? 0) * 100)).padStart(3)}%] ${message}`)
          }
        )
        context.output.result(
          exported,
          `Exported ${name}@${version} to ${exported.path}\nroot   ${exported.rootSha256}\nsigner ${exported.fingerprint}`
        )
      })
  )
  add(
    'verify',
    'verify a bundle: every file, the signature, the signer, the decisions',
    (c) =>
      c
        .argument('<path>', 'a .drydock file or a bundle directory')
        .option('--key <pub.pem>', "the signer's public key")
        .option('--ca <root.pem>', 'the root certificate'),
    async ({ output, signal }, [path], options) => {
      if (!options.key && !options.ca)
        throw new WorkbenchError(
          'INVALID_INPUT',
          'Say whom you trust: --key PUB.pem (the signer gave it to you) or --ca ROOT.pem. Without that anybody could have signed.'
        )
      const trust = { publicKeyPath: options.key as string | undefined, rootCertificatePath: options.ca as string | undefined }
      const { report, model } = await inspectBundle(resolve(path), trust, { signal })
      // A bundle can be whole and its figures still say little: the verdict is about the files.
      const concern = model?.concern
      output.result({ ...report, ...(concern && { concern }) }, `${describeReport(report)}${concern ? `\n\nfigures  ${concern.text}` : ''}`)
      return report.verdict === 'verified' ? EXIT.done : EXIT.refuted
    }
  )
  addCountersign(add)
}

const addCountersign = (add: AddCommand): void => {
  add(
    'countersign',
    'add a signed decision to a bundle',
    (c) =>
      c
        .argument('<path>', 'a .drydock file or a bundle directory')
        .requiredOption('--key <key.pem>', "the reviewer's private key")
        .requiredOption('--decision <approve|reject>', 'the decision')
        .requiredOption('--statement <text>', 'the sentence that is signed')
        .option('--name <name>', 'printed name of the signer')
        .option('--meaning <meaning>', 'reviewer, approver or release', 'reviewer')
        .option('--chain <chain.pem>', 'certificate chain of the key'),
    async ({ app, output, signal }, [path], options) => {
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
          statement: String(options.statement)
        },
        { signal }
      )
      output.result({ attestation, report }, `Wrote ${attestation}\n\n${describeReport(report)}`)
    }
  )
}

export const bundleCommands: CommandGroup = { place: 5, add: addBundleCommands }
