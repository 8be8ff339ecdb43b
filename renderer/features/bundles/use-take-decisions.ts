import { useHostCommand, useOs } from '../../host'
import { formatCount } from '../../ui'

/** Takes in decisions that came back, in bundles or as single files. */
export function useTakeDecisions() {
  const os = useOs()
  const take = useHostCommand('bundles.takeDecisions', {
    success: ({ kept, known, about, notKept }) => {
      const said =
        kept === 0
          ? `Nothing new: ${formatCount(known, 'decision')} on ${about.join(', ')} ${known === 1 ? 'is' : 'are'} known here.`
          : `${formatCount(kept, 'decision')} on ${about.join(', ')} kept.`
      return notKept ? `${said} Not kept: ${notKept.reason}.` : said
    }
  })
  const choose = async () => {
    const paths = await os.openFiles({
      title: 'Bundles or decisions that came back',
      filters: [{ name: 'Bundle or decision', extensions: ['drydock', 'json'] }],
      multiple: true
    })
    if (paths?.[0]) void take.run({ paths })
  }
  return { choose, busy: take.busy }
}
