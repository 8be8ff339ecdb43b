import { FilePlus2, Scale } from 'lucide-react'
import { navigate, type Action } from '../../ui'

export { PoliciesPage as Page } from './policies-page'

/** What the area can do from anywhere in the window. */
export const actions: readonly Action[] = [
  {
    id: 'policies.list',
    title: 'Show the policies',
    group: 'Policies',
    icon: Scale,
    keywords: ['gate', 'rules', 'governance', 'cel'],
    run: () => navigate('policies')
  },
  {
    id: 'policies.new',
    title: 'Write a new policy',
    group: 'Policies',
    icon: FilePlus2,
    keywords: ['gate', 'rules', 'governance'],
    run: () => navigate('policies', [], { view: 'new' })
  }
]
