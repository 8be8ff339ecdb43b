import { navigate, Page, PageHeader, Tabs, useLocation } from '../../ui'
import { AppearanceTab } from './appearance-tab'
import { PeopleTab } from './people-tab'
import { ProgramTab } from './program-tab'
import { RecordTab } from './record-tab'
import { UpdatesTab } from './updates-tab'
import { WorkspaceTab } from './workspace-tab'

const tabs = ['workspace', 'people', 'appearance', 'record', 'updates', 'program'] as const
type Tab = (typeof tabs)[number]

/** Settings of the workspace and of this window. */
export function SettingsPage() {
  const { path, query } = useLocation()
  const tab: Tab = tabs.find((known) => known === path[0]) ?? 'workspace'
  return (
    <Page header={<PageHeader title="Settings" />}>
      <Tabs
        aria-label="Settings"
        className="flex-1 pt-1"
        value={tab}
        onChange={(next) => navigate('settings', [next], {}, { replace: true })}
        items={[
          { value: 'workspace', label: 'Workspace', content: <WorkspaceTab /> },
          { value: 'people', label: 'People and keys', content: <PeopleTab /> },
          { value: 'appearance', label: 'Appearance', content: <AppearanceTab /> },
          { value: 'record', label: 'Record', content: <RecordTab /> },
          { value: 'updates', label: 'Updates', content: <UpdatesTab file={query.file} /> },
          { value: 'program', label: 'This computer', content: <ProgramTab /> }
        ]}
      />
    </Page>
  )
}
