import type { AnyCommand } from './commands'
import * as list from './feature-list'
import type { Manifest } from './manifest'
import { recoveryCommands } from './recovery/record-notes'
import { beginCommands, workspaceCommands } from './workspace/commands'

type List = typeof list
type WithCommands = { [N in keyof List]: List[N] extends { readonly commands: object } ? N : never }[keyof List]
type FeatureCommands = { readonly [N in WithCommands]: List[N]['commands'] }

const manifests: [string, Manifest][] = Object.entries(list)
const ofFeatures = Object.fromEntries(
  manifests.flatMap(([name, { commands }]) => (commands ? [[name, commands]] : []))
) as unknown as FeatureCommands

/** Every change that can be asked for in a workspace, by the names that the contract has for them. */
export const commands = { workspace: workspaceCommands, ...ofFeatures }

/** Every command there is, by its name. */
export const everyCommand: ReadonlyMap<string, AnyCommand> = new Map(
  [
    ...Object.entries({ ...commands, workspaces: beginCommands, recovery: recoveryCommands }),
    ...manifests.flatMap(([, { innerCommands = {} }]) => Object.entries(innerCommands))
  ].flatMap(([group, verbs]) => Object.entries<AnyCommand>(verbs).map(([verb, command]) => [`${group}.${verb}`, command] as const))
)
