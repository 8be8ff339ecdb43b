import { Contrast, Monitor, Moon, Sun, type LucideIcon } from 'lucide-react'
import type { ThemeChoice } from '../../../main/model/workspace'
import { useHostCommand, useHostQuery } from '../../host'
import { classNames, ErrorState, Section, Skeleton, Switch } from '../../ui'

const themes: { value: ThemeChoice; label: string; text: string; icon: LucideIcon }[] = [
  { value: 'system', label: 'Like the system', text: 'Follows the setting of this computer, also when it changes.', icon: Monitor },
  { value: 'light', label: 'Light', text: 'Dark text on a light ground.', icon: Sun },
  { value: 'dark', label: 'Dark', text: 'Light text on a dark ground.', icon: Moon },
  { value: 'contrast', label: 'High contrast', text: 'Black, white and strong borders.', icon: Contrast }
]

export function AppearanceTab() {
  const preferences = useHostQuery('system.preferences', {})
  const save = useHostCommand('system.setPreferences')
  if (preferences.isError) return <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />
  if (!preferences.data) return <Skeleton />
  const { theme, reopenLast } = preferences.data
  return (
    <div className="flex max-w-160 flex-col gap-6 p-4">
      <Section title="Theme">
        <fieldset className="grid grid-cols-2 gap-2">
          <legend className="sr-only">Theme</legend>
          {themes.map(({ value, label, text, icon: Icon }) => (
            <label
              key={value}
              className={classNames(
                'flex items-start gap-2 rounded-md border p-3 hover:bg-surface-0 has-focus-visible:outline-2 has-focus-visible:outline-focus',
                theme === value && 'border-accent outline outline-1 outline-accent'
              )}
            >
              <input
                type="radio"
                name="theme"
                value={value}
                checked={theme === value}
                aria-label={label}
                onChange={() => void save.run({ theme: value })}
                className="sr-only"
              />
              <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span>
                <span className="block font-medium">{label}</span>
                <span className="block text-caption text-muted">{text}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </Section>
      <Section title="At the start">
        <Switch
          checked={reopenLast}
          onChange={(next) => void save.run({ reopenLast: next })}
          label="Open the workspace that was open last"
        />
      </Section>
    </div>
  )
}
