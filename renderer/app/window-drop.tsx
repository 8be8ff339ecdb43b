import type { ReactNode } from 'react'
import { useOs } from '../host'
import { DropZone } from '../ui'
import { reviewBundle, warn } from './take-files'

export interface WindowDropProps {
  /** Takes the dropped files by their places. */
  onFiles: (places: readonly string[]) => void
  className?: string
  children: ReactNode
}

/** Takes what is dropped anywhere on the window. */
export function WindowDrop({ onFiles, className, children }: WindowDropProps) {
  const os = useOs()
  const placesOf = async (files: readonly File[]) =>
    (await Promise.all(files.map((file) => os.placeOfDroppedFile(file)))).filter((place) => place !== null)
  const takeFiles = async (files: readonly File[]) => {
    const places = await placesOf(files)
    if (places.length > 0) return onFiles(places)
    warn(
      'What was dropped is not a file of this machine.',
      'Save it to a folder first, then drop it from there or choose it with "Import a data file".'
    )
  }
  const takeFolders = async (folders: readonly File[]) => {
    const [path] = await placesOf(folders)
    warn(
      folders.length === 1 ? `${folders[0].name} is a folder.` : `${folders.length} folders cannot be imported.`,
      'Drop the data files in it. If it is a bundle that was exported as a folder, open it for review.',
      path === undefined ? undefined : { label: 'Open as a bundle', run: () => reviewBundle(path) }
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
