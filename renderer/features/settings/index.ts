import { KeyRound, MonitorCog, Palette, ScrollText } from 'lucide-react'
import { navigate, type Action } from '../../ui'

export { SettingsPage as Page } from './settings-page'
export const actions: readonly Action[] = [
  {
    id: 'settings.theme',
    title: 'Choose the theme',
    group: 'Settings',
    icon: Palette,
    keywords: ['dark', 'light', 'contrast'],
    run: () => navigate('settings', ['appearance'])
  },
  {
    id: 'settings.people',
    title: 'Manage people and keys',
    group: 'Settings',
    icon: KeyRound,
    keywords: ['sign', 'passphrase', 'identity'],
    run: () => navigate('settings', ['people'])
  },
  {
    id: 'settings.record',
    title: 'Show the record of events',
    group: 'Settings',
    icon: ScrollText,
    keywords: ['audit', 'log', 'history'],
    run: () => navigate('settings', ['record'])
  },
  {
    id: 'settings.program',
    title: 'Show version and settings of this computer',
    group: 'Settings',
    icon: MonitorCog,
    keywords: ['about', 'administrator', 'locked', 'diagnose', 'support', 'logs'],
    run: () => navigate('settings', ['program'])
  }
]
