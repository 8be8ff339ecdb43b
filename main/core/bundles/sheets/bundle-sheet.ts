import type { VerdictQuestion } from '../../../model/bundle'
import type { BundleSheet } from '../../../model/commands/bundles'
import { WorkbenchError } from '../../../model/errors'
import { modelCard, type ModelCard } from '../../../model/model-card'
import { contentReference } from '../../../model/reference'
import { documentOf, type WorkbenchDocument } from '../../documents'
import { inspectBundle, readBundleFile, type ReviewedBundle, type ReviewTrust } from '../review'
import { decisionSheet } from './decision-sheet'
import type { SheetFacts } from './sheet-facts'
import { signOffPage } from './sign-off-page'

const CARD = 'card/model-card.json'
const sheets: Record<BundleSheet, (facts: SheetFacts) => string> = { decisions: decisionSheet, 'sign-off': signOffPage }

/**
 * Verifies a bundle and makes a sheet of what is found. An altered bundle gets a sheet too, which says so.
 * @throws WorkbenchError SIGNATURE_INVALID where no signature can be read, so that the sheet would be about nothing
 */
export async function bundleSheet(
  sheet: BundleSheet,
  path: string,
  trust: ReviewTrust,
  options: { signal?: AbortSignal; question?: VerdictQuestion } = {}
): Promise<WorkbenchDocument> {
  const reviewed = await inspectBundle(path, trust, options)
  const { report } = reviewed
  if (report.bundleDigest === null)
    throw new WorkbenchError(
      'SIGNATURE_INVALID',
      'The signature of this bundle cannot be read, so a sheet would be about nothing certain. Nothing was written. Get the bundle again from its sender.'
    )
  const html = sheets[sheet]({ reviewed, card: await readVerifiedCard(reviewed) })
  return documentOf(html, { reference: contentReference('bundle', null, report.bundleDigest), at: report.checkedAt })
}

/** Null for a card that is not what was signed, or that this program cannot read. */
async function readVerifiedCard({ path, files }: ReviewedBundle): Promise<ModelCard | null> {
  const file = files.find((each) => each.path === CARD && each.state === 'verified')
  if (!file) return null
  const { text } = await readBundleFile(path, CARD, file.sha256)
  try {
    return modelCard.parse(JSON.parse(text))
  } catch {
    return null
  }
}
