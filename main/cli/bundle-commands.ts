import type { Command } from 'commander'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { generateSigningKey } from '../core/bundle-format'
import { openKeyFile } from '../core/people'
import { inspectBundle, keyFileCommands } from '../core/bundles'
import { AttestationDecision, SignatureMeaning, VerdictQuestion } from '../model/bundle'
import { Moment } from '../model/commands/bundles'
import { WorkbenchError } from '../model/errors'
import { writeFileDurably } from '../storage/objects/durable-files'
import { EXIT } from './output'
import { addKeptBundles } from './kept-bundles'
import { askPassphrase } from './passphrase'
import { describeReport } from './report-text'
import type { AddCommand, CommandGroup } from './command'
import { modelNamed } from './named-model'
import { refuseToOverwrite } from './text-file'
import { inWorkspace } from './workspace-client'

/** The options that say whom a reader trusts. */
const withTrust = (command: Command, author: { key: string; ca: string }): Command =>
  command
    .option(`${author.key} <pub.pem>`, "the author's public key")
    .option(`${author.ca} <root.pem>`, 'a root certificate: any certificate under it is trusted')
    .option('--trust <trust.yaml>', 'people with their keys and roles, and roots (schema: drydock.trust)')

const verifyClosing = `
Exit codes: 0 holds; 1 altered, or not by an author whom you trust; 4 intact, but rejected by somebody whom you trust;
5 intact, but something that you asked is missing, or you said nobody whom you trust. The last line says what was not checked.`

const verdictExits = { holds: EXIT.done, altered: EXIT.refuted, rejected: EXIT.rejected, insufficient: EXIT.insufficient } as const

const gather = (value: string, others: string[] = []) => [...others, value]

/** @throws WorkbenchError INVALID_INPUT */
function readCertificateOptions({ identity, ca, trust, tsa, crl, at }: Record<string, unknown>) {
  if (identity !== undefined && ca === undefined && trust === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      '--identity says whose certificate counts under --ca, which is missing. Nothing was verified.'
    )
  const time = at === undefined ? undefined : Moment.safeParse(at)
  if (time && !time.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--at takes a moment such as 2026-11-29T12:00:00Z, not "${String(at)}". Nothing was verified.`
    )
  return {
    identities: identity as string[] | undefined,
    tsaRootPath: tsa as string | undefined,
    revocationListPaths: crl as string[] | undefined,
    at: time?.data
  }
}

/** @throws WorkbenchError INVALID_INPUT */
function readQuestion({ approvals, gate, stage }: Record<string, unknown>): VerdictQuestion {
  const question = VerdictQuestion.safeParse({ gate, stage, ...(approvals !== undefined && { approvals: Number(approvals) }) })
  if (question.success) return question.data
  const [name] = question.error.issues[0]!.path
  const takes = { approvals: 'a number of persons from 1', gate: '"pass"', stage: '"released"' }[String(name)]
  const given = { approvals, gate, stage }[String(name)]
  throw new WorkbenchError('INVALID_INPUT', `--${String(name)} takes ${takes}, not "${String(given)}". Nothing was verified.`)
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
      withTrust(c.argument('<path>', 'a .drydock file or a bundle directory'), { key: '--key', ca: '--ca' })
        .option('--reviewer <key-or-cert.pem>', 'public key or certificate of a reviewer; give it once for each person', gather)
        .option(
          '--identity <name>',
          'whose certificate counts under --ca: subject, organisation or alternative name; may be repeated',
          gather
        )
        .option('--tsa <root.pem>', 'root of a time-stamping authority, whose stamp proves when the bundle was signed')
        .option('--crl <file>', 'list of revoked certificates, PEM or DER; may be repeated', gather)
        .option('--at <time>', 'judge certificates at this moment, such as 2026-11-29T12:00:00Z')
        .option('--approvals <n>', 'so many persons whom you trust must approve, the author not counted')
        .option('--gate <pass>', 'the enclosed policy must be met by the enclosed evidence')
        .option('--stage <released>', 'somebody whom you trust must have signed the release')
        .addHelpText('after', verifyClosing),
    async ({ output, signal }, [path], options) => {
      const trust = {
        publicKeyPath: options.key as string | undefined,
        rootCertificatePath: options.ca as string | undefined,
        trustPath: options.trust as string | undefined,
        reviewerPaths: options.reviewer as string[] | undefined,
        ...readCertificateOptions(options)
      }
      const { report, model } = await inspectBundle(resolve(path), trust, { signal, question: readQuestion(options) })
      // A bundle can be whole and its figures still say little, or its own gate have failed: the verdict is about neither.
      const concern = model?.concern
      output.result({ ...report, ...(concern && { concern }) }, describeReport(report, concern?.text))
      return verdictExits[report.verdict]
    }
  )
  addCountersign(add)
}

const addCountersign = (add: AddCommand): void => {
  add(
    'countersign',
    'check the author of a bundle and add a signed decision to it',
    (c) =>
      withTrust(c.argument('<path>', 'a .drydock file or a bundle directory'), { key: '--author-key', ca: '--author-ca' })
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
          trust: {
            publicKeyPath: options.authorKey as string | undefined,
            rootCertificatePath: options.authorCa as string | undefined,
            trustPath: options.trust as string | undefined
          },
          anyAuthor: options.anyAuthor === true
        },
        { signal }
      )
      output.result({ attestation, report }, [`Wrote ${attestation}`, '', ...describeReport(report)])
    }
  )
}

export const bundleCommands: CommandGroup = {
  place: 5,
  nouns: { bundle: 'what was exported, and the decisions that came back' },
  add(add) {
    addBundleCommands(add)
    addKeptBundles(add)
  }
}
