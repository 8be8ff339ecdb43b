import { WorkbenchError } from '../model/errors'
import type { Manifests, Opened, OpenedOf, SideOf } from './manifest'

/** What one feature can ask of the others and of the ground. */
export type Needs<L extends Manifests, Ground> = Ground & SideOf<L, 'inner'>

/**
 * Opens every feature of a list once. `needs` opens another feature the moment it is read, so that who asks for one while opening comes
 * after it; what is asked for later is open by then. Returns them in the order of opening. Throws INTERNAL where two wait for each other.
 */
export function openFeatures<L extends Manifests, Ground extends object>(
  list: L,
  ground: Ground,
  open: (manifest: L[keyof L], needs: Needs<L, Ground>) => Opened<object, object, object>
): OpenedOf<L> {
  const made: Record<string, Opened<object, object, object>> = {}
  const waiting: string[] = []
  const openOne = (name: string): Opened<object, object, object> => {
    if (made[name]) return made[name]
    if (waiting.includes(name))
      throw new WorkbenchError(
        'INTERNAL',
        `No feature can be opened first: ${[...waiting, name].join(' asks for ')}. Ask later, in a function.`
      )
    waiting.push(name)
    const feature = open(list[name] as L[keyof L], needs)
    waiting.pop()
    made[name] = feature
    return feature
  }
  const lookUp = Object.keys(list).map((name) => [name, { get: () => openOne(name).inner, enumerable: true }] as const)
  const needs = Object.create(ground, Object.fromEntries(lookUp)) as Needs<L, Ground>
  for (const name of Object.keys(list)) openOne(name)
  return made as OpenedOf<L>
}

/** What one side sees of opened features. */
export const sideOf = <L extends Manifests, S extends 'reads' | 'writer'>(features: OpenedOf<L>, side: S): SideOf<L, S> =>
  Object.fromEntries(Object.entries(features).map(([name, feature]) => [name, feature[side]])) as SideOf<L, S>
