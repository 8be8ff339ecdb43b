import { gateWord } from '../../../model/gate-standing'
import { independenceOf, judgedRowsNotes } from '../../../model/evidence'
import { modelReference, personLabel, type BundleFacts } from './bundle-facts'
import { fenced, inlineCode, markdownText } from './markdown'
import { exitCodes, verifyCommand } from './verify-command'

const digests = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const

/**
 * The openssl recipe, to be run inside the bundle's folder with POSIX sh, openssl, sed, base64 and sha256sum.
 * It rebuilds the DSSE pre-authentication encoding (https://github.com/secure-systems-lab/dsse) and checks every digest.
 * `$KEY` is the signer's public key; work files go to `$OUT`, outside the bundle.
 */
export function opensslRecipe(curve: keyof typeof digests): string {
  return `KEY=/path/to/signer.pub.pem
OUT=$(mktemp -d)
sed -E 's/.*"payload":"([^"]+)".*/\\1/' model.sig | base64 -d > "$OUT/payload.json"
sed -E 's/.*"sig":"([^"]+)".*/\\1/' model.sig | base64 -d > "$OUT/signature.der"
printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < "$OUT/payload.json")" > "$OUT/signed"
cat "$OUT/payload.json" >> "$OUT/signed"
openssl dgst -${digests[curve]} -verify "$KEY" -signature "$OUT/signature.der" "$OUT/signed"
tr '{' '\\n' < "$OUT/payload.json" | sed -nE 's/^"name":"([^"]*)","algorithm":"sha256","digest":"([0-9a-f]{64})".*/\\2  \\1/p' > "$OUT/SHA256SUMS"
sha256sum --check --strict --quiet "$OUT/SHA256SUMS" && echo "every listed file is unchanged"
find . -type f ! -path ./model.sig ! -path './attestations/*' | sed 's|^\\./||' | LC_ALL=C sort > "$OUT/present"
cut -c67- "$OUT/SHA256SUMS" | LC_ALL=C sort | diff - "$OUT/present" && echo "no file was added or removed"`
}

/** Takes the chain out of model.sig, leaf first, has openssl judge it, and leaves the key for the recipe above. Writes nothing into the bundle. */
export function certificateRecipe(): string {
  return `CERTS=$(mktemp -d)
tr '{' '\\n' < model.sig | sed -nE 's/^"rawBytes":"([^"]+)".*/\\1/p' | while read -r DER; do
  echo "$DER" | base64 -d | openssl x509 -inform DER >> "$CERTS/chain.pem"
done
openssl x509 -in "$CERTS/chain.pem" -out "$CERTS/leaf.pem"
openssl x509 -in "$CERTS/leaf.pem" -noout -ext extendedKeyUsage,keyUsage
openssl verify -purpose any -CAfile /path/to/root.pem -untrusted "$CERTS/chain.pem" "$CERTS/leaf.pem"
openssl x509 -in "$CERTS/leaf.pem" -noout -pubkey > "$CERTS/signer.pub.pem" && echo "KEY=$CERTS/signer.pub.pem"`
}

const foldersOf = ({ imported }: BundleFacts): readonly (readonly [string, string])[] => [
  ['model.sig', 'signature over every file below except attestations/ (OpenSSF Model Signing v1.0)'],
  ['attestations/', 'decisions that people signed later: approvals and rejections'],
  [
    'model/',
    imported?.external
      ? 'scorer.json, a program that is not portable, and what it reads and answers'
      : 'model.onnx and what it reads and answers'
  ],
  ['card/', 'the model card for people (HTML) and for programs (JSON)'],
  ['evidence/', 'evaluation, groups compared, data quality, every trial'],
  ['data/', 'what each dataset version is; the data itself is not enclosed unless stated'],
  ['lineage/', 'how the model was made: SLSA provenance, pipeline, environment'],
  ['policy/', 'the gate: rules, their tests, what it decided, and every gate that was run'],
  ['operate/', 'rollout plan, objectives, runbook'],
  ['log/', 'who did what to what it was made from; each entry carries the hash of the one before; and the decisions known at the export'],
  ['bom.cdx.json', 'bill of materials (CycloneDX 1.7)']
]

/** A model that once failed a gate must not look as if it never had. */
function otherGates({ gates }: BundleFacts): string {
  const others = gates.filter((gate) => !gate.enclosed)
  if (others.length === 0) return ''
  const failed = others.filter((gate) => gate.outcome === 'fail').length
  return `\n- Other gates over this model: ${others.length}, of which ${failed} did not pass; see ${inlineCode('policy/history.json')}`
}

const gateOutcomes = {
  passed: 'passed',
  failed: 'did NOT pass',
  undecided: 'could NOT be decided, so it did not pass',
  'no gate': 'is NO gate, for no rule of the policy blocks'
}

/** What keeps the figures from being about new rows; nothing when there is nothing to say. */
function ties({ evaluation }: BundleFacts): string {
  const texts = judgedRowsNotes(independenceOf(evaluation), evaluation.splitCheck).map(({ text }) => text)
  return texts.length === 0 ? '' : `\n- Judged rows: ${markdownText(texts.join(' '))}`
}

const trustExample = `schema: drydock.trust
version: 1
name: operators
people:
  - { name: Author, roles: [author], keys: [signer.pub.pem] }
  - { name: Reviewer, roles: [reviewer], keys: [reviewer.pub.pem] }
  - { name: Approver, roles: [approver], keys: [approver.pub.pem] }`

/** README.md of a bundle: what it is, who signs, and three ways to verify it. */
export function buildReadme(facts: BundleFacts): string {
  const { model, signer } = facts
  const signedBy = signer
    ? `It is signed as author by ${markdownText(personLabel({ name: signer.name, demo: facts.demo }))} with a ${signer.curve} ${signer.form === 'key' ? 'key' : 'certificate'}. SHA-256 of the public key's PEM text: ${inlineCode(signer.keyFingerprint)}.`
    : 'The signer is named in model.sig.'
  const outcome = facts.gate ? gateOutcomes[gateWord(facts.gate)] : 'was not run'
  const changed = facts.gateChanged && `, and its policy was CHANGED: ${markdownText(facts.gateChanged)}`
  const gate = `${outcome}${facts.gateSuperseded ? ' under a SUPERSEDED version of its policy' : ''}${changed ?? ''}`
  return `# ${markdownText(model.name)}, version ${model.version}

${facts.demo ? '> **DEMO IDENTITIES.** The people and keys of this bundle come from the sample. They show the procedure and approve nothing.\n\n' : ''}This is a Drydock bundle: a machine-learning model with the evidence that a reviewer and an operator need. Open
[card/model-card.html](card/model-card.html) first; it needs no network.

- Model: ${inlineCode(modelReference(facts))}, stage ${markdownText(model.stage)}, risk tier ${markdownText(model.riskTier)}, owner ${markdownText(personLabel(model.owner))}
- Made ${facts.generatedAt} with Drydock ${markdownText(facts.drydockVersion)}
- Policy gate: ${gate}${facts.gate ? ` (${markdownText(facts.gate.title)}): ${markdownText(facts.gate.reason)}` : ''}${otherGates(facts)}${ties(facts)}
- Trials behind it: ${facts.trials.length}

${signedBy}
Get the public key or root certificate from the signer by another way than this bundle. A key that lies beside what it signs
proves nothing.

## Verify it

Put the bundle in a folder (a \`.drydock\` file is a ZIP: \`unzip FILE.drydock -d BUNDLE\`). Each of the three ways below stands by itself.

### With Drydock

${fenced(verifyCommand(facts, { approvals: true, gate: true, stage: true }), 'sh')}

It names every changed, missing or added file, counts the approvals of the reviewers whose keys you give, holds the enclosed policy over
the enclosed evidence anew, and looks for the release. ${signer?.form === 'certificate' ? 'Where a bare key signed, give it with `--key` in the place of `--ca`.' : 'Where a certificate signed, give its root with `--ca` in the place of `--key`.'}
Leave out an option to leave out its question. The exit code says:

${exitCodes.map(([code, meaning]) => `- ${code}: ${meaning}`).join('\n')}

The last line says what was not checked. A decision by a key that you did not give counts for nothing, whatever name it carries. Who
verifies often keeps the people in one file and gives it with \`--trust\`:

${fenced(trustExample, 'yaml')}

### With the OpenSSF reference implementation

${fenced(
  'model_signing verify key BUNDLE --signature BUNDLE/model.sig --public_key signer.pub.pem\nmodel_signing verify certificate BUNDLE --signature BUNDLE/model.sig --certificate_chain root.pem',
  'sh'
)}

The Python package is \`model-signing\` (version 1.1.1 also needs \`pyOpenSSL\`). It checks the files, not the attestations.

### By hand with openssl

In the folder of the bundle:

${fenced(opensslRecipe(signer?.curve ?? 'P-256'), 'sh')}

It prints \`Verified OK\` and the two sentences, and nothing else.${signer ? '' : ' For a P-384 key use -sha384, for P-521 -sha512.'} To see that the key is the one you know, compare
\`openssl pkey -pubin -in signer.pub.pem | sha256sum\` with the fingerprint that the signer told you.

When a certificate signed, take the key from it first; it must be for digital signatures and code signing, and \`openssl verify\` must say OK:

${fenced(certificateRecipe(), 'sh')}

## What is in it

${foldersOf(facts)
  .map(([name, meaning]) => `- ${inlineCode(name)}: ${meaning}`)
  .join('\n')}

## What it does not claim

Drydock supplies evidence. Conformity with a law or standard also needs procedures and people: validation, oversight,
change control, monitoring.
`
}
