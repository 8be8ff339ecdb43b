import { BookOpen, CircleQuestionMark } from 'lucide-react'
import { FIRST_PAGE } from '../../../main/model/guide'
import { navigate, type Action } from '../../ui'
import { guidePages } from './guide-pages'

export { HelpPage as Page } from './help-page'

export const actions: readonly Action[] = [
  { id: 'help.open', title: 'Open the guide', group: 'Help', icon: CircleQuestionMark, keys: 'F1', run: () => navigate('help') },
  ...guidePages
    .filter(({ topic }) => topic !== FIRST_PAGE)
    .map(({ topic, title, summary }): Action => ({
      id: `help.${topic}`,
      title: `Help: ${title}`,
      group: 'Help',
      icon: BookOpen,
      keywords: ['guide', 'manual', ...summary.split(/\W+/).filter((word) => word.length > 3)],
      run: () => navigate('help', topic.split('/'))
    }))
]
