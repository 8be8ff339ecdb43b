import { mostCategories } from './boosting/binning'
import type { FeatureEncoding } from './features'

/** Says which columns have nothing to learn from, and of which texts only the frequent ones, at most `mostTexts`, stay apart. */
export function addColumnWarnings(encodings: readonly FeatureEncoding[], warnings: string[], mostTexts = mostCategories): void {
  for (const { name, kind, min, max, missingShare, categoryCount } of encodings) {
    if (missingShare === 1) warnings.push(`The column "${name}" has no value at all; it adds nothing.`)
    else if (kind === 'category' ? categoryCount === 1 : min === max)
      warnings.push(`The column "${name}" has a single value${missingShare > 0 ? ' besides missing ones' : ' and adds nothing'}.`)
    else if (kind === 'category' && categoryCount > mostTexts)
      warnings.push(`The column "${name}" has ${categoryCount} different texts; rare ones are treated as one.`)
  }
}
