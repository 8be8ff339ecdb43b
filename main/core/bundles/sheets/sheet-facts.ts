import type { ModelCard } from '../../../model/model-card'
import type { ReviewedBundle } from '../review'

/** What a sheet is made from: what was verified just now, and the card as far as it was verified. */
export interface SheetFacts {
  reviewed: ReviewedBundle
  card: ModelCard | null
}
