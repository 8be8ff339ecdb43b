import { navigate } from '../../ui'
import { finishedWork, forgetWork } from './background-work'
import { importEndings } from './column-choices'
import { dataStore, queueImports } from './data-store'

/** What the window does with data files that are dropped on it: they get in line for import. */
export const droppedFiles = {
  endings: importEndings.map((ending) => `.${ending}`),
  /** Files wait behind one whose import is being prepared or runs: what was chosen for it is not lost. */
  take(paths: readonly string[], made?: { newWorkspace: string }): void {
    if (made) {
      dataStore.beginFor(made.newWorkspace)
      dataStore.setState({ thenCheck: true })
    }
    const { draft, waiting } = dataStore.getState()
    const added = [...waiting, ...paths.filter((path) => path !== draft?.path && !waiting.includes(path))]
    if (draft && !finishedWork('import')) dataStore.setState({ waiting: added })
    else {
      forgetWork('import')
      queueImports([...waiting, ...paths])
    }
    navigate('data', [], { view: 'import' })
  }
}
