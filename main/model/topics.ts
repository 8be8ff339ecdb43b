/**
 * What a window may hold a stale copy of. A topic is the name of a feature of the contract: the key of every cached query begins with it.
 * A test holds this list against the contract, and each topic against who publishes it.
 */
export const topics = [
  'system',
  'workspace',
  'people',
  'datasets',
  'quality',
  'features',
  'pipelines',
  'jobs',
  'experiments',
  'policies',
  'models',
  'bundles',
  'explain',
  'imports',
  'updates'
] as const

/** `*` is everything: another workspace was opened. */
export type Topic = (typeof topics)[number] | '*'
