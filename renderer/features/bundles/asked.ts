import type { AskedBefore } from '../../../main/model/commands/bundles'
import { placeText } from '../../../main/model/place'
import { quoteArgument } from '../../../main/model/shell-quoting'
import type { HostInput } from '../../host'

/** What a reader gives and asks of a bundle: whom to trust, what must hold, how certificates are judged. Places are those of the shell. */
export interface Asked {
  /** Public key file of the author. */
  key?: string
  /** SHA-256 of that key, 64 hexadecimal digits; instead of the file. */
  fingerprint?: string
  /** Root certificate. */
  root?: string
  /** Trust document. */
  people?: string
  /** The people kept in the open workspace; instead of a trust document. */
  kept?: boolean
  /** Public keys or certificates of reviewers. */
  reviewers: readonly string[]
  approvals?: number
  gate?: boolean
  released?: boolean
  /** Whose certificates count under the roots. */
  identities: readonly string[]
  /** Roots of time-stamping authorities. */
  tsa?: string
  /** Lists of revoked certificates. */
  lists: readonly string[]
  /** A moment for certificates, as `Moment` takes it. */
  at?: string
}

/** Takes back whom the reader trusts, and what goes with it. */
export const nobody = {
  ...{ key: undefined, fingerprint: undefined, root: undefined, people: undefined, kept: false, reviewers: [] },
  ...{ identities: [], tsa: undefined, lists: [], at: undefined }
} satisfies Asked

type Query = Readonly<Record<string, string | undefined>>
const many = (text: string | undefined): string[] => (text ? text.split('\n') : [])

/** What the address of the page says. */
export function readAsked(query: Query): Asked {
  const { key, fingerprint, root, people, tsa, at } = query
  const approvals = Number(query['approvals'])
  return {
    ...{ key, fingerprint, root, people, tsa, at },
    kept: query['kept'] === '1',
    reviewers: many(query['reviewers']),
    approvals: Number.isInteger(approvals) && approvals >= 1 ? approvals : undefined,
    gate: query['gate'] === 'pass',
    released: query['stage'] === 'released',
    identities: many(query['identities']),
    lists: many(query['lists'])
  }
}

/** The same as the address has it. */
export function queryOf({ kept, reviewers, approvals, gate, released, identities, lists, ...texts }: Partial<Asked>): Query {
  return {
    ...texts,
    kept: kept ? '1' : undefined,
    reviewers: reviewers?.join('\n'),
    approvals: approvals?.toString(),
    gate: gate ? 'pass' : undefined,
    stage: released ? 'released' : undefined,
    identities: identities?.join('\n'),
    lists: lists?.join('\n')
  }
}

/** The same as it was remembered of the last time. */
export function askedAgain({ trust, question }: AskedBefore): Asked {
  const { publicKeyPath: key, fingerprint, rootCertificatePath: root, trustPath: people, tsaRootPath: tsa, at } = trust
  return {
    ...{ key, fingerprint, root, people, tsa, at },
    kept: trust.keptPeople ?? false,
    reviewers: trust.reviewerPaths ?? [],
    approvals: question?.approvals,
    gate: question?.gate === 'pass',
    released: question?.stage === 'released',
    identities: trust.identities ?? [],
    lists: trust.revocationListPaths ?? []
  }
}

/** Whether two questions ask the same in the same order. */
export const isSameQuestion = (one: Asked, other: Asked): boolean => JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other))
const inOrder = (asked: Asked): [string, string][] =>
  Object.entries(queryOf(asked))
    .flatMap(([name, text]): [string, string][] => (text ? [[name, text]] : []))
    .sort(([a], [b]) => (a < b ? -1 : 1))

const some = <T>(list: readonly T[]): T[] | undefined => (list.length > 0 ? [...list] : undefined)

/** Whom the reader trusts, for the contract. */
export function trustOf(asked: Asked) {
  return {
    publicKeyPath: asked.key,
    fingerprint: asked.fingerprint,
    rootCertificatePath: asked.root,
    trustPath: asked.people,
    ...(asked.kept && { keptPeople: true as const }),
    reviewerPaths: some(asked.reviewers),
    identities: some(asked.identities),
    tsaRootPath: asked.tsa,
    revocationListPaths: some(asked.lists),
    at: asked.at
  } satisfies HostInput<'bundles.countersign'>['trust']
}

/** What must hold, for the contract. */
export function questionOf({ approvals, gate, released }: Asked): NonNullable<HostInput<'bundles.inspect'>['question']> {
  return { approvals, ...(gate && { gate: 'pass' as const }), ...(released && { stage: 'released' as const }) }
}

/** Somebody is given who could vouch for an author or a reviewer. */
export const trustsSomebody = ({ key, fingerprint, root, people, kept, reviewers }: Asked): boolean =>
  Boolean(key || fingerprint || root || people || kept || reviewers.length > 0)

/** How many of the settings of certificates and time are not as they are by default. */
export const countCertificateSettings = ({ identities, tsa, lists, at }: Asked): number =>
  identities.length + (tsa ? 1 : 0) + lists.length + (at ? 1 : 0)

/**
 * The same question as a command; null where it cannot be one: a fingerprint that was heard, and the people of a workspace, are no options
 * of `verify`.
 * @param launcher path of the program
 * @param bundle path of the bundle
 */
export function verifyCommandOf(asked: Asked, launcher: string, bundle: string, windows = /Win/.test(navigator.platform)): string | null {
  if (asked.fingerprint || asked.kept) return null
  const { key, root, people, reviewers, identities, tsa, lists, at, approvals, gate, released } = asked
  const files = (option: string, places: readonly (string | undefined)[]) =>
    places.flatMap((place) => (place ? [option, placeText(place)] : []))
  const words = [
    ...['verify', bundle],
    ...files('--key', [key]),
    ...files('--ca', [root]),
    ...files('--trust', [people]),
    ...files('--reviewer', reviewers),
    ...identities.flatMap((name) => ['--identity', name]),
    ...files('--tsa', [tsa]),
    ...files('--crl', lists),
    ...(at ? ['--at', at] : []),
    ...(approvals ? ['--approvals', String(approvals)] : []),
    ...(gate ? ['--gate', 'pass'] : []),
    ...(released ? ['--stage', 'released'] : [])
  ]
  return [launcher, ...words].map((word) => quoteArgument(word, windows)).join(' ')
}
