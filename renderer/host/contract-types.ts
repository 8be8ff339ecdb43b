import type { DrydockContract } from '../../preload/contract'
import type { CallerInputOf, Client, Definition, ItemOf, OutputOf } from '../../preload/wire'

export type HostClient = Client<DrydockContract>

type Join<F, V> = F extends string ? (V extends string ? `${F}.${V}` : never) : never
type PathsOf<K extends Definition['kind']> = {
  [F in keyof DrydockContract]: {
    [V in keyof DrydockContract[F]]: DrydockContract[F][V] extends { kind: K } ? Join<F, V> : never
  }[keyof DrydockContract[F]]
}[keyof DrydockContract]

/** `'jobs.list'` and so on, by kind. */
export type QueryPath = PathsOf<'query'>
export type CommandPath = PathsOf<'command'>
export type StreamPath = PathsOf<'stream'>
export type HostPath = QueryPath | CommandPath | StreamPath

type DefinitionAt<P> = P extends `${infer F}.${infer V}`
  ? F extends keyof DrydockContract
    ? V extends keyof DrydockContract[F]
      ? DrydockContract[F][V] extends Definition
        ? DrydockContract[F][V]
        : never
      : never
    : never
  : never

/** What a caller gives, what it gets, and what a stream yields on the way. */
export type HostInput<P extends HostPath> = CallerInputOf<DefinitionAt<P>>
export type HostOutput<P extends HostPath> = OutputOf<DefinitionAt<P>>
export type HostItem<P extends StreamPath> = ItemOf<DefinitionAt<P>>
