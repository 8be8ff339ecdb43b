import { ArrowLeft, Copy, EllipsisVertical, TableProperties, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import {
  Badge,
  Button,
  copyAndTell,
  formatCount,
  HashChip,
  IconButton,
  Menu,
  navigate,
  PageHeader,
  Select,
  shortHash,
  useActions
} from '../../ui'
import { labelOf, sensitivityChoices } from './column-choices'
import { dataStore } from './data-store'
import { selectFrom } from './sql-names'
import { useTrashDataset } from './trash-dataset'

export const BackToDatasets = () => <IconButton icon={ArrowLeft} label="Back to all datasets" onClick={() => navigate('data')} />

export interface DatasetHeaderProps {
  detail: DatasetDetail
  /** Kept when another version is chosen. */
  tab: string | undefined
  primary: ReactNode
}

/** Which version of which dataset is shown, and what can be done with it. */
export function DatasetHeader({ detail, tab, primary }: DatasetHeaderProps) {
  const trash = useTrashDataset()
  const { version } = detail
  const isLatest = version.sha256 === detail.latest.sha256
  const openSql = () => {
    dataStore.setState({ sql: selectFrom(isLatest ? detail.name : `${detail.name}@${shortHash(version.sha256)}`) })
    navigate('data', [], { view: 'sql' })
  }
  const moveToTrash = () => {
    void trash(detail).then((moved) => {
      if (moved) navigate('data')
    })
  }
  const copyReference = () => void copyAndTell(version.ref, 'The reference is on the clipboard.', version.ref)
  useActions([
    { id: 'data.sql-here', title: `Query ${detail.name} with SQL`, group: 'Data', icon: TableProperties, run: openSql },
    { id: 'data.copy-reference', title: 'Copy the reference of this version', group: 'Data', icon: Copy, run: copyReference },
    { id: 'data.trash-selected', title: `Move ${detail.name} to the trash`, group: 'Data', icon: Trash2, run: moveToTrash }
  ])
  return (
    <PageHeader
      back={<BackToDatasets />}
      title={detail.name}
      status={
        <>
          <VersionChoice detail={detail} tab={tab} />
          <HashChip hash={version.sha256} label="Version" />
          {!isLatest && (
            <Badge status="warn" tooltip={`Version ${detail.latest.number} is newer.`}>
              Not the latest
            </Badge>
          )}
          <Badge status="neutral">{labelOf(sensitivityChoices, detail.sensitivity)}</Badge>
        </>
      }
      actions={
        <>
          <Menu
            align="end"
            trigger={<IconButton icon={EllipsisVertical} label="More for this dataset" />}
            entries={[
              { id: 'copy', label: 'Copy the reference', icon: Copy, onSelect: copyReference },
              'separator',
              { id: 'trash', label: 'Move to trash', icon: Trash2, onSelect: moveToTrash }
            ]}
          />
          <Button icon={TableProperties} onClick={openSql}>
            Query with SQL
          </Button>
        </>
      }
      primary={primary}
    />
  )
}

function VersionChoice({ detail, tab }: { detail: DatasetDetail; tab: string | undefined }) {
  const { version, versions, latest, name } = detail
  if (versions.length <= 1) return <span className="whitespace-nowrap">Version {version.number}</span>
  return (
    <Select
      aria-label="Version shown"
      className="w-40!"
      value={version.sha256}
      choices={versions.map((each) => ({
        value: each.sha256,
        label: `Version ${each.number}`,
        hint: `${shortHash(each.sha256)}, ${formatCount(each.rows, 'row')}`
      }))}
      onChange={(sha256) => navigate('data', sha256 === latest.sha256 ? [name] : [name, sha256], { tab })}
    />
  )
}
