import { WorkbenchError } from '../../model/errors'
import { lookOfName } from '../../model/person-name'
import { foldName, type TrustDocument } from './trust-document'

type Person = { -readonly [K in keyof TrustDocument['people'][number]]: TrustDocument['people'][number][K] }

/**
 * Several trust documents as one. An earlier one cannot be taken away from by a later one: a person of both has the roles and keys of both,
 * and a key that the earlier one gives to somebody stays theirs.
 * @throws WorkbenchError INVALID_INPUT when a later one has a name that only looks like one of an earlier
 */
export function joinTrust(documents: readonly TrustDocument[]): TrustDocument | undefined {
  if (documents.length < 2) return documents[0]
  const people = new Map<string, Person>()
  const owned = new Set<string>()
  for (const document of documents) {
    const before = new Set(owned)
    for (const { name, roles, keys } of document.people) {
      const known = people.get(foldName(name))
      const alike = known ? undefined : [...people.values()].find((other) => lookOfName(other.name) === lookOfName(name))
      if (alike)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `"${name}" of "${document.name}" looks like "${alike.name}" of "${documents[0].name}" and is written with other letters; no reader tells the two apart. Nobody is trusted by it. Correct the name.`
        )
      const added = keys.filter((key) => !before.has(key))
      for (const key of added) owned.add(key)
      people.set(foldName(name), {
        name: known?.name ?? name,
        roles: [...new Set([...(known?.roles ?? []), ...roles])],
        keys: [...(known?.keys ?? []), ...added]
      })
    }
  }
  return {
    name: documents.map(({ name }) => name).join(' and '),
    people: [...people.values()].filter(({ keys }) => keys.length > 0),
    roots: documents.flatMap(({ roots }) => roots)
  }
}
