import { RefChip } from './chips'
import { hrefOfReference, navigateTo } from './navigation'

/** A reference that leads to its screen when there is one, and copies in any case. */
export function RefLink({ reference }: { reference: string }) {
  const href = hrefOfReference(reference)
  return <RefChip reference={reference} onOpen={href ? () => navigateTo(href) : undefined} />
}
