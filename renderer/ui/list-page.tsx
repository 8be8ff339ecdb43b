import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button'
import { formatCount } from './format'
import { InspectorLayout } from './inspector'
import { Page, PageHeader, SearchInput, Toolbar } from './layout'
import { EmptyState } from './states'
import type { Column, SortOrder } from './table-types'
import type { ListRows } from './use-list-rows'
import { VirtualTable } from './virtual-table'

export interface ListPageProps<Row> extends ListRows<Row> {
  /** Title of the page. */
  title: string
  /** Accessible name of the table. */
  label: string
  /** What one row is: "dataset". */
  noun: string
  /** Under this name the inspector is remembered. */
  inspectorName: string
  actions?: ReactNode
  primary?: ReactNode
  filterPlaceholder: string
  /** Where the filter looks, for when nothing matches: "its name, owner or tags". */
  filteredBy: string
  columns: readonly Column<Row>[]
  initialSort?: SortOrder
  onOpen: (row: Row) => void
  /** Delete on the selected row. */
  onDelete?: (row: Row) => void
  inspectorTitle: ReactNode
  inspectorEmpty: string
  inspector: ReactNode | null
  icon: LucideIcon
  /** What belongs here, and the next step, for the first day. */
  firstDay: { title: string; text: ReactNode; action: ReactNode }
}

/** A page that lists what there is: filter, table, inspector, and what to do when there is nothing. */
export function ListPage<Row>(props: ListPageProps<Row>) {
  const { title, label, noun, filter, onFilter, rows, selected, onDelete, query, icon, firstDay } = props
  const total = props.total ?? 0
  return (
    <Page
      header={
        <PageHeader
          title={title}
          status={total > 0 ? formatCount(total, noun) : undefined}
          actions={props.actions}
          primary={props.primary}
        />
      }
    >
      <Toolbar aria-label="List options">
        <SearchInput value={filter} onChange={onFilter} placeholder={props.filterPlaceholder} className="w-72" />
        {filter && props.total !== undefined && (
          <span className="text-caption text-muted">
            {rows.length} of {formatCount(total, noun)}
          </span>
        )}
      </Toolbar>
      <div
        className="min-h-0 flex-1"
        onKeyDown={(event) => {
          if (event.key === 'Delete' && selected && event.target instanceof Element && event.target.role === 'grid') onDelete?.(selected)
        }}
      >
        <InspectorLayout
          name={props.inspectorName}
          title={props.inspectorTitle}
          emptyText={props.inspectorEmpty}
          inspector={props.inspector}
        >
          <VirtualTable
            label={label}
            columns={props.columns}
            rows={rows}
            rowKey={props.rowKey}
            initialSort={props.initialSort}
            activeKey={selected ? props.rowKey(selected) : null}
            onActiveChange={props.onSelect}
            onOpen={props.onOpen}
            loading={query.isPending}
            error={query.error}
            onRetry={() => void query.refetch()}
            empty={
              total > 0 ? (
                <EmptyState
                  icon={icon}
                  title={`No ${noun} matches`}
                  text={`None of ${formatCount(total, noun)} has "${filter}" in ${props.filteredBy}.`}
                  action={<Button onClick={() => onFilter('')}>Clear the filter</Button>}
                />
              ) : (
                <EmptyState icon={icon} {...firstDay} />
              )
            }
          />
        </InspectorLayout>
      </div>
    </Page>
  )
}
