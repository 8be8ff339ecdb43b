import { LockKeyhole } from 'lucide-react'
import { describeSettings } from '../../../main/model/machine-settings'
import { useHostQuery } from '../../host'
import { ErrorState, HashChip, KeyValueList, Section, SizeText, Skeleton, TimeText } from '../../ui'
import { DiagnosticsPart } from './diagnostics-part'

/** What is installed here, what the administrator has settled, and what support asks for. */
export function ProgramTab() {
  const info = useHostQuery('system.info', {})
  const program = useHostQuery('system.program', {})
  const failed = [info, program].find(({ isError }) => isError)
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
  if (!info.data || !program.data) return <Skeleton lines={12} />
  const { data: system } = info
  const { version, commit, builtAt, programFolder, userFolder, logs, machineSettings, releaseKeys } = program.data
  return (
    <div className="flex max-w-180 flex-col gap-6 p-4">
      <Section title="This program" hint="Nothing is ever fetched or sent">
        <KeyValueList
          labelWidth={160}
          items={[
            { label: 'Drydock', value: version },
            commit !== null && { label: 'Commit', value: <HashChip hash={commit} /> },
            builtAt !== null && { label: 'Built', value: <TimeText value={builtAt} /> },
            { label: 'Electron', value: system.electron ?? 'not used' },
            { label: 'Node', value: system.node },
            { label: 'System', value: `${system.platform} ${system.arch}` },
            { label: 'Processor', value: `${system.cpu}, ${system.cores} cores` },
            { label: 'Memory', value: <SizeText bytes={system.memory} /> },
            { label: 'Program folder', value: programFolder ?? 'a checkout', mono: programFolder !== null },
            { label: 'Your own folder', value: userFolder, mono: true },
            { label: 'Logs', value: system.logFile ?? `none written yet in ${logs.folder}`, mono: true },
            {
              label: 'Release keys',
              value:
                releaseKeys.length === 0
                  ? 'none'
                  : releaseKeys.map(({ name, fingerprint }) => `${name} (${fingerprint.slice(0, 16)})`).join(', ')
            }
          ]}
        />
      </Section>
      <Section title="Settings of this computer">
        <p className="mb-2 text-muted">
          {machineSettings.name === null ? (
            <>Your administrator has settled nothing here. A file would lie at </>
          ) : (
            <>&ldquo;{machineSettings.name}&rdquo;, set by your administrator in </>
          )}
          <span className="font-mono text-caption">{machineSettings.file}</span>.
        </p>
        <KeyValueList
          labelWidth={160}
          items={describeSettings(machineSettings).map(({ label, value, isLocked }) => ({
            label,
            value: isLocked ? (
              <span className="inline-flex items-baseline gap-1.5">
                <LockKeyhole aria-hidden className="size-3.5 shrink-0 self-center" />
                <span>
                  {value} <span className="text-caption text-muted">(set by your administrator)</span>
                </span>
              </span>
            ) : (
              value
            )
          }))}
        />
      </Section>
      <DiagnosticsPart />
    </div>
  )
}
