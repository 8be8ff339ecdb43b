import { useOs } from '../host'
import { fileNameOf, navigate, showToast } from '../ui'
import { collectDroppedFiles } from './areas'

const BUNDLE = '.drydock'
const UPDATE = '.drydock-update'
export const reviewBundle = (path: string) => navigate('bundles', ['review'], { path })

const endsWithAny = (path: string, endings: readonly string[]) => endings.some((ending) => path.toLowerCase().endsWith(ending))

/**
 * What the window does with files, given to it, dropped or chosen: a bundle is opened for review, an update in the settings, data files get
 * in line for import. Without a workspace
 * `askForWorkspace` is called with the data files, which `takeInto` takes once there is one.
 */
export function useTakeFiles(hasWorkspace: boolean, askForWorkspace: (paths: readonly string[]) => void) {
  const os = useOs()
  const take = async (paths: readonly string[]) => {
    const update = paths.find((path) => endsWithAny(path, [UPDATE]))
    if (update !== undefined) return navigate('settings', ['updates'], { file: update })
    const takers = await collectDroppedFiles()
    const endings = takers.flatMap((taker) => taker.endings)
    const bundles = paths.filter((path) => endsWithAny(path, [BUNDLE]))
    const strangers = paths.filter((path) => !bundles.includes(path) && !endsWithAny(path, endings))
    if (strangers.length > 0) refuse(strangers, endings)
    if (bundles.length > 0) {
      reviewBundle(bundles[0])
      if (paths.length > 1)
        warn(`${fileNameOf(bundles[0])} is opened for review.`, 'A bundle is reviewed alone: drop the other files again.')
      return
    }
    const data = paths.filter((path) => !strangers.includes(path))
    if (data.length > 0 && !hasWorkspace) return askForWorkspace(data)
    for (const taker of takers) {
      const taken = data.filter((path) => endsWithAny(path, taker.endings))
      if (taken.length > 0) taker.take(taken)
    }
  }
  const choose = async () => {
    const extensions = (await collectDroppedFiles()).flatMap((taker) => taker.endings.map((ending) => ending.slice(1)))
    const filters = [
      { name: 'Data files', extensions },
      { name: 'All files', extensions: ['*'] }
    ]
    const paths = await os.openFiles({ title: 'Open my file', filters })
    if (paths?.length) await take(paths)
  }
  return { take, choose }
}

/** Hands files to their areas in a workspace that was made for them. */
export async function takeInto(workspace: string, paths: readonly string[]): Promise<void> {
  for (const taker of await collectDroppedFiles()) {
    const taken = paths.filter((path) => endsWithAny(path, taker.endings))
    if (taken.length > 0) taker.take(taken, { newWorkspace: workspace })
  }
}

export const warn = (title: string, text: string, action?: { label: string; run: () => void }) =>
  void showToast({ status: 'warn', title, text, action })

function refuse(paths: readonly string[], endings: readonly string[]): void {
  warn(
    paths.length === 1 ? `${fileNameOf(paths[0])} cannot be imported.` : `${paths.length} files cannot be imported.`,
    `Drydock reads ${[...endings, BUNDLE].join(', ')}. Rename the file if it is one of these, or export it to CSV or Parquet.`
  )
}
