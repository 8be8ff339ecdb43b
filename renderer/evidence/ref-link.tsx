import { hrefTo, navigateTo } from '../ui'
import { RefChip, splitReference } from './ref-chip'

/** A reference that leads to its screen when there is one, and copies in any case. */
export function RefLink({ reference }: { reference: string }) {
  const href = hrefOfReference(reference)
  return <RefChip reference={reference} onOpen={href ? () => navigateTo(href) : undefined} />
}

/** The screen of what a reference names, or null when it has none. */
export function hrefOfReference(reference: string): string | null {
  const { kind, name, version } = splitReference(reference)
  const versioned = version ? [name, version] : [name]
  if (kind === 'dataset') return hrefTo('data', versioned)
  if (kind === 'run') return hrefTo('experiments', ['run', name])
  if (kind === 'model') return hrefTo('models', versioned)
  if (kind === 'features' || kind === 'feature' || kind === 'feature-set') return hrefTo('features', versioned)
  if (kind === 'policy') return hrefTo('policies', [name])
  if (kind === 'pipeline') return hrefTo('pipelines', versioned)
  if (kind === 'job') return hrefTo('jobs', [name])
  return null
}
