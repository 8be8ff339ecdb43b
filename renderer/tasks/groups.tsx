import type { ReactNode } from 'react'
import { groupSentence } from '../../main/model/tasks'
import { formatCount, formatNumber, Panel, Stat, StatusIcon, tableHeight, VirtualTable, type Column } from '../ui'

interface JudgedGroup {
  group: string
  compared: boolean
  excludedBecause: string | null
}

interface JudgedGroups<G extends JudgedGroup> {
  column: string
  groups: readonly G[]
  unlistedGroups: number
  notes: readonly string[]
}

/** In place of the groups of an evaluation that was not asked for any. */
export function NoGroups() {
  return (
    <Panel title="Groups">
      <p className="text-muted">No group column was named, so groups were not compared. Name one in the evaluate step of the pipeline.</p>
    </Panel>
  )
}

interface GroupsFrameProps {
  fairness: JudgedGroups<JudgedGroup>
  /** Absent in evaluations made before gaps had intervals. */
  verdict?: keyof typeof groupSentence
  gaps: ReactNode
  /** Chart and tables of the groups. */
  children: ReactNode
}

/** What the groups of every kind of question have around their own figures: whether they differ, the gaps, and what is left out. */
export function GroupsFrame({ fairness, verdict, gaps, children }: GroupsFrameProps) {
  const { column, groups, unlistedGroups, notes } = fairness
  const compared = groups.filter((group) => group.compared).length
  return (
    <Panel title={`Groups by ${column}`} hint={`${formatCount(compared, 'group')} compared, ${groups.length - compared} too small`}>
      {verdict && (
        <p className="mb-2 flex items-start gap-2">
          <StatusIcon
            status={{ differ: 'warn' as const, alike: 'ok' as const, 'cannot-tell': 'info' as const }[verdict]}
            className="mt-1"
          />
          {groupSentence[verdict]}
        </p>
      )}
      {gaps}
      {notes.map((note) => (
        <p key={note} className="text-caption text-muted">
          {note}
        </p>
      ))}
      {children}
      {unlistedGroups > 0 && (
        <p className="mt-1 text-caption text-muted">
          {formatCount(unlistedGroups, 'further group')}, the smallest, are not listed one by one.
        </p>
      )}
    </Panel>
  )
}

export interface GapFigure {
  label: string
  value: string | null
  unit?: string
  hint?: string
  explain: string
}

interface GapFiguresProps {
  gaps: readonly GapFigure[]
  /** The confidence with which all intervals hold at once, and what was counted for that; absent without intervals. */
  held?: { level: number; counted: string }
}

/** How far the groups are apart, each gap with its interval and what can be said by it. */
export function GapFigures({ gaps, held }: GapFiguresProps) {
  return (
    <>
      <div className="mb-3 grid grid-cols-[repeat(auto-fill,minmax(190px,1fr))] gap-3">
        {gaps.map((gap) => (
          <Stat key={gap.label} {...gap} />
        ))}
      </div>
      {held && (
        <p className="text-caption text-muted">
          All of these intervals hold at once with {formatNumber(held.level * 100)}% confidence, {held.counted} counted in.
        </p>
      )}
    </>
  )
}

interface GroupTableProps<G extends JudgedGroup> {
  fairness: JudgedGroups<G>
  name: string
  columns: readonly Column<G>[]
}

/** Every group with its figures; those that were not compared say why. */
export function GroupTable<G extends JudgedGroup>({ fairness: { column, groups }, name, columns }: GroupTableProps<G>) {
  const excluded: Column<G> = {
    id: 'excluded',
    header: 'Not compared because',
    width: 230,
    value: ({ excludedBecause }) => excludedBecause,
    cell: ({ excludedBecause }) => (
      <span className="truncate" title={excludedBecause ?? undefined}>
        {excludedBecause}
      </span>
    )
  }
  return (
    <div style={{ height: tableHeight(groups.length, 256) }}>
      <VirtualTable
        label={`Groups by ${column}`}
        name={name}
        columns={groups.every((group) => group.compared) ? columns : [...columns, excluded]}
        rows={groups}
        rowKey={({ group }) => group}
        empty={<p className="p-3 text-muted">The column has no values.</p>}
      />
    </div>
  )
}
