import type { TrustChoice } from '../../model/commands/bundles'
import { WorkbenchError } from '../../model/errors'
import type { Person } from '../../model/workspace'
import type { TrustDocument } from '../bundle-format'
import type { ReviewTrust } from './review'

/** The people kept in a workspace as whom a reader trusts; neither who left nor a key that was retired is among them. */
export function trustInPeople(people: readonly Person[]): TrustDocument {
  return {
    name: 'people kept in this workspace',
    people: people
      .filter(({ leftAt }) => leftAt === undefined)
      .map(({ name, roles, keys }) => ({
        name,
        roles,
        keys: keys.filter(({ retiredAt }) => retiredAt === undefined).map(({ fingerprint }) => fingerprint)
      }))
      .filter(({ keys }) => keys.length > 0),
    roots: []
  }
}

/** Everybody who is or was here with every key they had, to read what they said; as operators, who approve nothing. */
export const everybodyHere = (people: readonly Person[]): TrustDocument => ({
  name: 'people of this workspace',
  people: people.map(({ name, keys }) => ({ name, roles: ['operator' as const], keys: keys.map(({ fingerprint }) => fingerprint) })),
  roots: []
})

/**
 * What a reader chose, with the people of the open workspace put in where they are asked for.
 * @param people null where no workspace is open
 * @throws WorkbenchError CONFLICT without a workspace, INVALID_INPUT beside a trust document, which says who the people are
 */
export function withKeptPeople({ keptPeople, ...trust }: TrustChoice, people: readonly Person[] | null): ReviewTrust {
  if (!keptPeople) return trust
  if (trust.trustPath !== undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'A trust document and the people kept in the workspace both say who has which role. Nothing was verified. Choose one of them.'
    )
  if (people === null)
    throw new WorkbenchError('CONFLICT', 'No workspace is open, so no people are kept. Nothing was verified. Open one, or give their keys.')
  return { ...trust, people: trustInPeople(people) }
}
