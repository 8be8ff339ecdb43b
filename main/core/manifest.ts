import type { FeatureTables } from '../storage/ledger/feature-tables'
import type { AnyCommand } from './commands/command'
import type { WorkspaceContext } from './workspace/context'

type Verbs = Readonly<Record<string, AnyCommand>>

interface Life {
  /** Called once when every feature is open; a feature starts before those that it opened with. */
  start?(): unknown
  /** Called once at the end; a feature is closed before those that it opened with. */
  close?(): unknown
}

/** A feature of an open workspace, by who sees how much of it. */
export interface Opened<Reads extends object, Writer extends object, Inner extends object> extends Life {
  /** For windows, command line and tests. */
  readonly reads: Reads
  /** For commands: nothing else changes a workspace. */
  readonly writer: Writer
  /** For the other features. */
  readonly inner: Inner
}

/** What the core has to know of a feature; its face exports one as `manifest`, and `feature-list.ts` names it. */
export interface Manifest {
  readonly tables?: FeatureTables
  /** What can be asked for, under the name that the feature has in the list. */
  readonly commands?: Verbs
  /** What only the program asks for, by group: the engine at the end of a step, a script with a key file. */
  readonly innerCommands?: Readonly<Record<string, Verbs>>
  /** `needs` holds the other features by name, and the ground of the workspace; its type says what is used of them. */
  open(context: WorkspaceContext, needs: never): Opened<object, object, object>
}
export type Manifests = Readonly<Record<string, Manifest>>

type Side = 'reads' | 'writer' | 'inner'
export type OpenedOf<L extends Manifests> = { readonly [N in keyof L]: ReturnType<L[N]['open']> }
/** Each feature of a list as one side sees it. */
export type SideOf<L extends Manifests, S extends Side> = { readonly [N in keyof L]: ReturnType<L[N]['open']>[S] }

/** A feature whose sides are one object, of which each sees its part. */
export const opened = <Reads extends object, Writer extends Reads = Reads, Inner extends object = Reads>(
  all: Writer & Inner,
  life: Life = {}
): Opened<Reads, Writer, Inner> => ({ reads: all, writer: all, inner: all, ...life })
