import type { ImportRule } from '../../../main/model/dataset'
import { showToast } from '../../ui'
import { dataStore, withChoices, withoutChoices } from './data-store'
import { ruleNames } from './rule-list'

/** Takes what a rule or an offer proposes into the draft; the toast takes it back. */
export function takeChoice({ column, rule, choice }: ImportRule): void {
  const { draft } = dataStore.getState()
  if (!draft || !choice) return
  dataStore.setState({ draft: withChoices(draft, choice) })
  showToast({
    status: 'ok',
    title: `${column === null ? '' : `${column}: `}${ruleNames[rule].toLowerCase()} was changed.`,
    action: {
      label: 'Undo',
      run: () => {
        const now = dataStore.getState().draft
        if (now?.path === draft.path) dataStore.setState({ draft: withoutChoices(now, draft, choice) })
      }
    }
  })
}
