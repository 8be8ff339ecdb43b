import type { Command } from 'commander'
import type { CommandGroup } from './command'
import { withDocumentPlaces } from './document-options'
import { gather, ofCountersign, ofVerify, withTrust } from './trust-options'

const verifyClosing = `
Exit codes: 0 holds; 1 altered, or not by an author whom you trust; 4 intact, but rejected by somebody whom you trust;
5 intact, but something that you asked is missing, or you said nobody whom you trust. The last line says what was not checked.`

/** Whom to trust, and what must hold. */
const withQuestion = (command: Command): Command =>
  withTrust(command, ofVerify)
    .option('--reviewer <key-or-cert.pem>', 'public key or certificate of a reviewer; give it once for each person', gather)
    .option('--approvals <n>', 'so many persons whom you trust must approve, the author not counted')
    .option('--gate <pass>', 'the enclosed policy must be met by the enclosed evidence')
    .option('--stage <released>', 'somebody whom you trust must have signed the release')

const sheetClosing = `
Examples:
  drydock bundle sheet sign-off model.drydock --trust people.yaml --pdf sign-off.pdf
  drydock bundle sheet decisions model.drydock --key author.pub.pem --reviewer rev.pub.pem --pdf decisions.pdf --html decisions.html`

export const bundleCommands: CommandGroup = {
  place: 5,
  nouns: { bundle: 'what was exported, and the decisions that came back' },
  add(add) {
    add(
      'keygen',
      'make a passphrase-protected P-256 signing key',
      (c) =>
        c
          .requiredOption('--out <key.pem>', 'where the private key goes')
          .requiredOption('--public-out <pub.pem>', 'where the public key goes'),
      async () => (await import('./make-key')).makeKey
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
      async () => (await import('./export-model')).exportModel
    )
    add(
      'verify',
      'verify a bundle: every file, the signature, the author, and what else is asked of it',
      (c) => withQuestion(c.argument('<path>', 'a .drydock file or a bundle directory')).addHelpText('after', verifyClosing),
      async () => (await import('./verify-bundle')).verify
    )
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
      async () => (await import('./countersign')).countersign
    )
    add(
      'bundle list',
      'list the bundles that were exported, with the decisions about them that are known',
      (c) => c.requiredOption('-w, --workspace <dir>', 'the workspace'),
      async () => (await import('./kept-bundles')).listBundles
    )
    add(
      'bundle sheet',
      'verify a bundle and write what was found for people who decide on paper: the signed decisions, or a page to sign by hand',
      (c) =>
        withDocumentPlaces(
          withQuestion(c.argument('<decisions|sign-off>', 'which sheet').argument('<path>', 'a .drydock file or a bundle directory'))
        ).addHelpText('after', sheetClosing),
      async () => (await import('./write-sheet')).writeSheet
    )
    add(
      'bundle take',
      'keep the decisions that came back, in countersigned bundles or as files, about exports of the workspace',
      (c) =>
        c.argument('<path...>', 'bundles, or files of attestations (.dsse.json)').requiredOption('-w, --workspace <dir>', 'the workspace'),
      async () => (await import('./kept-bundles')).takeDecisions
    )
  }
}
