import { createStore } from 'zustand/vanilla'

/** What the person is doing on the list: filter, trash, what is selected, and whether the dialog is open. */
export const listStore = createStore<{ search: string; showsTrash: boolean; active: string | null; isCreating: boolean }>(() => ({
  search: '',
  showsTrash: false,
  active: null,
  isCreating: false
}))
