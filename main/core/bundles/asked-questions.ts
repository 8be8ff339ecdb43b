import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { VerdictQuestion } from '../../model/bundle'
import { TrustChoice, type AskedBefore } from '../../model/commands/bundles'
import { rememberedPlace } from '../../model/place'
import { Sha256 } from '../../model/reference'
import { writeFileDurably } from '../../storage/objects/durable-files'

/** A question as it was asked, with the paths of its files. */
export interface AskedQuestion {
  trust: TrustChoice
  question?: VerdictQuestion
  /** Of the workspace whose people were trusted. */
  workspace?: string
}

const LIMIT = 100
const Stored = z.object({ trust: TrustChoice, question: VerdictQuestion.optional(), workspace: z.string().optional(), at: z.string() })
const Kept = z.record(Sha256, Stored)
type Kept = z.infer<typeof Kept>

const fileOf = (userDirectory: string): string => join(userDirectory, 'asked-of-bundles.json')
const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16)

/** A damaged file is an empty one: nothing is lost that cannot be asked again. */
function read(userDirectory: string): Kept {
  try {
    return Kept.parse(JSON.parse(readFileSync(fileOf(userDirectory), 'utf8')))
  } catch {
    return {}
  }
}

/** A home that cannot be written to keeps nobody from a review. */
const write = (userDirectory: string, kept: Kept): Promise<void> =>
  writeFileDurably(fileOf(userDirectory), JSON.stringify(kept, null, 2)).catch(() => undefined)

const isEmpty = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) ? value.length === 0 : typeof value === 'object' && Object.values(value!).every(isEmpty))

/** Keeps what was asked of the bundle with this model.sig, in the user's own folder and never in the bundle; nothing asked is nothing kept. */
export async function rememberAsked(userDirectory: string, bundle: Sha256, asked: AskedQuestion, now = new Date()): Promise<void> {
  const others = Object.entries(read(userDirectory)).filter(([digest]) => digest !== bundle)
  if (isEmpty(asked.trust) && isEmpty(asked.question)) return write(userDirectory, Object.fromEntries(others) as Kept)
  const newest = others.sort(([, a], [, b]) => (a.at < b.at ? 1 : -1)).slice(0, LIMIT - 1)
  await write(userDirectory, Object.fromEntries([[bundle, { ...asked, at: now.toISOString() }], ...newest]) as Kept)
}

export async function forgetAsked(userDirectory: string, bundle: Sha256): Promise<void> {
  const kept = read(userDirectory)
  if (bundle in kept) await write(userDirectory, Object.fromEntries(Object.entries(kept).filter(([digest]) => digest !== bundle)) as Kept)
}

/**
 * What was asked of a bundle the last time, its files in the words of a page; undefined for nothing. People who were kept in another workspace
 * than the open one are left out: they are not those who were meant.
 */
export function askedBefore(userDirectory: string, bundle: Sha256, workspace: string | undefined): AskedBefore | undefined {
  const found = read(userDirectory)[bundle]
  if (!found) return undefined
  const { keptPeople, ...trust } = found.trust
  const said = withPlaces(trust, (path) => rememberedPlace(idOf(path), path))
  const isHere = keptPeople && found.workspace === workspace
  const asked = { trust: { ...said, ...(isHere && { keptPeople: true as const }) }, question: found.question }
  return isEmpty(asked) ? undefined : { ...asked, at: found.at }
}

/** The file that a page names by what `askedBefore` called it; undefined for none. */
export function askedFile(userDirectory: string, id: string): string | undefined {
  const paths: string[] = []
  for (const { trust } of Object.values(read(userDirectory))) withPlaces(trust, (path) => (paths.push(path), path))
  return paths.find((path) => idOf(path) === id)
}

/** The same with each path put through `said`. */
function withPlaces<T extends TrustChoice>(trust: T, said: (path: string) => string): T {
  const { publicKeyPath, rootCertificatePath, trustPath, reviewerPaths, tsaRootPath, revocationListPaths } = trust
  const one = (path: string | undefined) => (path === undefined ? undefined : said(path))
  return {
    ...trust,
    publicKeyPath: one(publicKeyPath),
    rootCertificatePath: one(rootCertificatePath),
    trustPath: one(trustPath),
    reviewerPaths: reviewerPaths?.map(said),
    tsaRootPath: one(tsaRootPath),
    revocationListPaths: revocationListPaths?.map(said)
  }
}
