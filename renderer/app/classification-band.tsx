import { bannerColours } from '../../main/model/machine-settings'
import { useHostQuery } from '../host'

/** The classification of this computer along an edge of the window, over everything else; nothing where it has none. */
export function ClassificationBand({ edge }: { edge: 'top' | 'bottom' }) {
  const { data } = useHostQuery('system.program', {})
  const classification = data?.machineSettings.classification
  if (!classification) return null
  const { ground, text } = bannerColours[classification.tone]
  return (
    <section
      aria-label={`Classification, ${edge}`}
      // Outlined, so that it stands out from a theme of the same colour.
      className="relative z-60 shrink-0 truncate px-3 text-center text-caption/5 font-bold outline outline-1 -outline-offset-1 outline-line-strong"
      style={{ background: ground, color: text }}
    >
      {classification.text}
    </section>
  )
}
