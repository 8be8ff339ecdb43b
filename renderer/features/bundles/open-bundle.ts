import { useEffect } from 'react'
import { useOs } from '../../host'
import { navigate, showToast } from '../../ui'
import { queryOf, type Asked } from './asked'
import { bundlesStore, useBundlesState } from './bundles-store'

/** Shows the reviewer page of the bundle at a place; what must hold is asked there. */
export function showBundle(path: string, asked: Partial<Asked> = {}, tab?: string): void {
  navigate('bundles', ['review'], { path, ...queryOf(asked), tab })
}

/** The ways by which a person names a bundle: two dialogs and dropping a file. */
export function useOpenBundle() {
  const os = useOs()
  const openFile = async () => {
    const files = await os.openFiles({ title: 'Open a bundle', filters: [{ name: 'Drydock bundle', extensions: ['drydock'] }] })
    if (files?.[0]) showBundle(files[0])
  }
  const openFolder = async () => {
    const folder = await os.openFolder({ title: 'Open a bundle folder', buttonLabel: 'Open' })
    if (folder) showBundle(folder)
  }
  const drop = async (files: readonly File[]) => {
    const path = (await Promise.all(files.map((file) => os.placeOfDroppedFile(file)))).find((found) => found !== null)
    if (path) showBundle(path)
    else
      showToast({
        status: 'warn',
        title: 'What was dropped is not a file of this machine.',
        text: 'Save it to a folder first, then drop it from there.'
      })
  }
  return { openFile, openFolder, drop }
}

/** Opens the dialog that an action asked for; used once, by the page of the area. */
export function useAskedDialog({ openFile, openFolder }: ReturnType<typeof useOpenBundle>): void {
  const ask = useBundlesState((state) => state.ask)
  useEffect(() => {
    if (!ask) return
    bundlesStore.setState({ ask: null })
    void (ask === 'file' ? openFile() : openFolder())
  })
}
