import type { KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LineCounter } from 'yaml'
import { z } from 'zod'
import { parseBoundedYaml } from '../bounded-yaml'
import { placeAt, placeOfProblem, placeOfValue, type TextPlace } from '../yaml-places'
import { TrustRole } from '../../model/bundle'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { lookOfName, mixedWord } from '../../model/person-name'
import { isPlainText } from '../../model/plain-text'
import { Sha256 } from '../../model/reference'
import { fit, withoutStop } from '../../model/schema-words'
import type { Certificate } from './certificate'
import { readCertificatesPem } from './certificate'
import { fingerprintOf, loadPublicKey } from './signing-key'

const largestFile = 1_000_000

const ShownName = z
  .string()
  .trim()
  .min(1, 'give a name')
  .max(200)
  .refine((text) => isPlainText(text), 'has control or direction characters')
/** PEM text, the fingerprint of a key, or the name of a PEM file beside the document. */
const KeyEntry = z.string().trim().min(1, 'give a key: PEM text, a file, or a fingerprint of 64 hexadecimal digits').max(20_000)

/** The trust of a reader as a YAML document: people with their keys and roles, and roots. Version 1. */
export const TrustFile = z.strictObject({
  schema: z.literal('drydock.trust'),
  version: z.literal(1),
  name: ShownName.describe('What it is called where it was used.'),
  people: z
    .array(z.strictObject({ name: ShownName, roles: z.array(TrustRole).min(1, 'name at least one role'), keys: z.array(KeyEntry).min(1) }))
    .max(10_000)
    .default([])
    .describe('Each person once, with all keys: PEM text, a PEM file beside the document, or a fingerprint.'),
  roots: z
    .array(z.strictObject({ certificate: KeyEntry }))
    .max(100)
    .default([])
    .describe('Root certificates: PEM text or a file; whoever has a certificate under one may author and decide.')
})

/** A trust document with every key read. */
export interface TrustDocument {
  name: string
  people: readonly { name: string; roles: readonly TrustRole[]; keys: readonly Sha256[] }[]
  roots: readonly Certificate[]
}

type Place = readonly PropertyKey[]

/** Problems of one document that are told. */
const mostProblems = 100

/**
 * Reads a trust document and the key files that it names, which lie beside it.
 * @throws WorkbenchError INVALID_INPUT with `details.problems` (line and column) for anything that does not fit, a key of two persons among
 *   it; UNSUPPORTED_VERSION for a newer one; NOT_FOUND when a file is missing
 */
export async function readTrustDocument(path: string): Promise<TrustDocument> {
  const text = await readSmallFile(path, 'the trust document')
  const counter = new LineCounter()
  const problems: (TextPlace & { severity: 'error'; path: string; message: string })[] = []
  const refuse = (): never => {
    const [{ message, line, column }] = problems as [(typeof problems)[number]]
    const more = problems.length > 1 ? ` It is the first of ${problems.length} problems.` : ''
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The trust document "${path}" cannot be used: ${withoutStop(message)} (line ${line}, column ${column}).${more} Nobody is trusted by it. Correct it and try again.`,
      { details: { problems: problems.slice(0, mostProblems) } }
    )
  }
  const note = (place: Place, message: string, at: TextPlace): void => {
    problems.push({ severity: 'error', path: place.map(String).join('.'), message, ...at })
  }
  const [tree, value] = parsed(text, counter, (message) => note([], message, { line: 1, column: 1 })) ?? refuse()
  for (const { message, pos } of [...tree.errors, ...tree.warnings]) note([], message, placeAt(counter, pos[0]))
  if (problems.length > 0) refuse()
  assertVersion(value, path)
  const document = fit(TrustFile, value)
  for (const problem of document.problems ?? []) note(problem.path, problem.message, placeOfProblem(tree, counter, problem))
  if (!document.success) return refuse()
  const read = await readPeople(document.data, path, (place, message) => note(place, message, placeOfValue(tree, counter, place)))
  return problems.length > 0 ? refuse() : read
}

/** Every key of a document; what is wrong with one is noted, and the others are read nevertheless. */
async function readPeople(
  document: z.infer<typeof TrustFile>,
  path: string,
  note: (place: Place, problem: string) => void
): Promise<TrustDocument> {
  const read = async <T>(place: Place, entry: string, parse: (pem: string) => T): Promise<T | undefined> => {
    try {
      const isPem = entry.includes('-----BEGIN ')
      return parse(isPem ? entry : await readSmallFile(resolve(dirname(path), entry), 'a key of the trust document'))
    } catch (cause) {
      note(place, cause instanceof Error ? cause.message : String(cause))
      return undefined
    }
  }
  const roots: Certificate[] = []
  for (const [at, { certificate }] of document.roots.entries())
    roots.push(...((await read(['roots', at, 'certificate'], certificate, readCertificatesPem)) ?? []))
  const owners = new Map<string, string>()
  const people: TrustDocument['people'][number][] = []
  for (const [at, { name, roles, keys: entries }] of document.people.entries()) {
    const wrong = wrongName(name, people)
    if (wrong !== undefined) note(['people', at, 'name'], wrong)
    const keys: Sha256[] = []
    for (const [index, entry] of entries.entries()) {
      const place = ['people', at, 'keys', index]
      const heard = Sha256.safeParse(entry.toLowerCase())
      const fingerprint = heard.success ? heard.data : await read(place, entry, (pem) => fingerprintOf(readPersonKey(pem)))
      if (fingerprint === undefined) continue
      const owner = owners.get(fingerprint)
      if (owner !== undefined)
        note(place, `the key ${fingerprint.slice(0, 16)} belongs to "${owner}" already; a key is of one person, once`)
      owners.set(fingerprint, name)
      keys.push(fingerprint)
    }
    people.push({ name, roles, keys })
  }
  return { name: document.name, people, roots }
}

/** Why a name cannot stand beside those before it. */
function wrongName(name: string, others: readonly { name: string }[]): string | undefined {
  const mixed = mixedWord(name)
  if (mixed !== undefined) return `"${mixed}" mixes letters of Latin, Cyrillic or Greek in one word, and so looks like another name`
  const alike = others.find((other) => lookOfName(other.name) === lookOfName(name))
  if (!alike) return undefined
  return foldName(alike.name) === foldName(name)
    ? `"${name}" is there twice; a person is one entry with all keys`
    : `"${name}" looks like "${alike.name}" and is written with other letters; no reader tells the two apart`
}

function parsed(
  text: string,
  counter: LineCounter,
  note: (problem: string) => void
): [ReturnType<typeof parseBoundedYaml>, unknown] | undefined {
  try {
    const tree = parseBoundedYaml(text, counter)
    return [tree, tree.errors.length > 0 ? undefined : tree.toJS({ maxAliasCount: 50 })]
  } catch (error) {
    note(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function assertVersion(value: unknown, path: string): void {
  const head = z.object({ schema: z.literal('drydock.trust'), version: z.number() }).safeParse(value)
  if (head.success && head.data.version > 1)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `The trust document "${path}" has format version ${head.data.version}; this program reads version 1. Open it with a newer Drydock.`
    )
}

/**
 * The public key of one person, from the key itself or from the person's certificate.
 * @throws WorkbenchError INVALID_INPUT for anything else, also for the certificate of an authority, which stands for many
 */
export function readPersonKey(pem: string): KeyObject {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return loadPublicKey(pem)
  const [own] = readCertificatesPem(pem)
  if (own && !own.isAuthority) return own.x509.publicKey
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${own?.facts.subject ?? ''}" is the certificate of an authority and stands for everybody to whom it gave one. Give the person's own certificate, or trust the authority as a root.`
  )
}

/** One spelling of a printed name: letter case and runs of spaces make no other person. */
export function foldName(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}

async function readSmallFile(path: string, what: string): Promise<string> {
  try {
    if ((await stat(path)).size > largestFile)
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is too large for ${what}. Choose the right file.`)
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '')
  } catch (error) {
    throw fromSystemError(error, `reading ${what} "${path}"`)
  }
}
