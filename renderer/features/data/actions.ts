import { Database, FileDown, TableProperties, Trash2 } from 'lucide-react'
import { navigate, type Action } from '../../ui'
import { dataStore } from './data-store'

/** Opens the import page with the file dialog. */
export function askForFile(): void {
  dataStore.setState({ askForFile: true })
  navigate('data', [], { view: 'import' })
}

/** What the area can do from anywhere in the window. */
export const actions: readonly Action[] = [
  {
    id: 'data.import',
    title: 'Import a data file',
    group: 'Data',
    icon: FileDown,
    keywords: ['csv', 'tsv', 'parquet', 'arrow', 'json', 'dataset', 'add', 'load'],
    keys: 'Mod+I',
    run: askForFile
  },
  {
    id: 'data.sql',
    title: 'Query the data with SQL',
    group: 'Data',
    icon: TableProperties,
    keywords: ['select', 'query', 'duckdb'],
    run: () => navigate('data', [], { view: 'sql' })
  },
  { id: 'data.list', title: 'Show all datasets', group: 'Data', icon: Database, run: () => navigate('data') },
  {
    id: 'data.trash',
    title: 'Show the datasets in the trash',
    group: 'Data',
    icon: Trash2,
    keywords: ['restore', 'deleted', 'undo'],
    run: () => navigate('data', [], { view: 'trash' })
  }
]
