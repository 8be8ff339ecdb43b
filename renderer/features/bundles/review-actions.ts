import { BadgeInfo, FolderOpen, KeyRound, PenLine, RotateCw, ScrollText, Users } from 'lucide-react'
import { useOs } from '../../host'
import { useActions } from '../../ui'
import { reviewTabs, type Review } from './use-review'
import type { TrustChoice } from './use-trust-choice'

/** What the palette offers while a bundle is reviewed. */
export function useReviewActions(path: string, review: Review, choice: TrustChoice): void {
  const os = useOs()
  useActions([
    { id: 'bundles.trust-key', title: 'Trust a public key file', group: 'Bundles', icon: KeyRound, run: () => void choice.chooseKey() },
    {
      id: 'bundles.trust-root',
      title: 'Trust a root certificate',
      group: 'Bundles',
      icon: ScrollText,
      run: () => void choice.chooseRoot()
    },
    {
      id: 'bundles.trust-people',
      title: 'Trust the people of a trust document',
      group: 'Bundles',
      icon: Users,
      run: () => void choice.choosePeople()
    },
    {
      id: 'bundles.trust-fingerprint',
      title: 'Trust a fingerprint',
      group: 'Bundles',
      icon: BadgeInfo,
      run: choice.heardFingerprint
    },
    { id: 'bundles.verify', title: 'Verify this bundle again', group: 'Bundles', icon: RotateCw, run: review.verifyAgain },
    {
      id: 'bundles.countersign',
      title: 'Countersign this bundle',
      group: 'Bundles',
      icon: PenLine,
      run: () => review.showTab('countersign')
    },
    {
      id: 'bundles.show-in-folder',
      title: 'Show this bundle in its folder',
      group: 'Bundles',
      icon: FolderOpen,
      run: () => void os.showInFolder(path)
    },
    ...reviewTabs
      .filter((tab) => tab !== 'countersign')
      .map((tab) => ({
        id: `bundles.tab.${tab}`,
        title: `Show the ${tab} of this bundle`,
        group: 'Bundles',
        run: () => review.showTab(tab)
      }))
  ])
}
