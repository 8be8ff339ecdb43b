import type { ReactNode } from 'react'
import { useOs } from '../host'
import { DropZone, fileNameOf, navigate, showToast } from '../ui'
import { collectDroppedFiles } from './areas'

const BUNDLE = '.drydock'
const review = (path: string) => navigate('bundles', ['review'], { path })

export interface WindowDropProps {
  hasWorkspace: boolean
  className?: string
  children: ReactNode
}

/** Takes what is dropped anywhere on the window: a bundle is opened for review, data files get in line for import. */
export function WindowDrop({ hasWorkspace, className, children }: WindowDropProps) {
  const os = useOs()
  const placesOf = async (files: readonly File[]) =>
    (await Promise.all(files.map((file) => os.placeOfDroppedFile(file)))).filter((place) => place !== null)
  const takeFiles = async (files: readonly File[]) => {
    const paths = await placesOf(files)
    if (paths.length === 0)
      return warn(
        'What was dropped is not a file of this machine.',
        'Save it to a folder first, then drop it from there or choose it with "Import a data file".'
      )
    const takers = await collectDroppedFiles()
    const takerOf = (path: string) => takers.find(({ endings }) => endings.some((ending) => path.toLowerCase().endsWith(ending)))
    const bundles = paths.filter((path) => path.toLowerCase().endsWith(BUNDLE))
    const strangers = paths.filter((path) => !bundles.includes(path) && !takerOf(path))
    if (strangers.length > 0)
      refuse(
        strangers,
        takers.flatMap(({ endings }) => endings)
      )
    if (bundles.length > 0) {
      review(bundles[0])
      if (paths.length > 1)
        warn(`${fileNameOf(bundles[0])} is opened for review.`, 'A bundle is reviewed alone: drop the other files again.')
      return
    }
    for (const taker of takers) {
      const taken = paths.filter((path) => takerOf(path) === taker)
      if (taken.length === 0) continue
      if (hasWorkspace) taker.take(taken)
      else
        warn(
          taken.length === 1 ? `${fileNameOf(taken[0])} needs a workspace.` : `${taken.length} files need a workspace.`,
          'Data is kept in a workspace. Create or open one, then drop the files again.'
        )
    }
  }
  const takeFolders = async (folders: readonly File[]) => {
    const [path] = await placesOf(folders)
    warn(
      folders.length === 1 ? `${folders[0].name} is a folder.` : `${folders.length} folders cannot be imported.`,
      'Drop the data files in it. If it is a bundle that was exported as a folder, open it for review.',
      path === undefined ? undefined : { label: 'Open as a bundle', run: () => review(path) }
    )
  }
  return (
    <DropZone
      accept={[]}
      text="Drop data to import it, or a bundle to review it"
      onFiles={(files) => void takeFiles(files)}
      onFolders={(folders) => void takeFolders(folders)}
      className={className}
    >
      {children}
    </DropZone>
  )
}

const warn = (title: string, text: string, action?: { label: string; run: () => void }) =>
  void showToast({ status: 'warn', title, text, action })

function refuse(paths: readonly string[], endings: readonly string[]): void {
  warn(
    paths.length === 1 ? `${fileNameOf(paths[0])} cannot be imported.` : `${paths.length} files cannot be imported.`,
    `Drydock reads ${[...endings, BUNDLE].join(', ')}. Rename the file if it is one of these, or export it to CSV or Parquet.`
  )
}
