import { Boxes, FolderOpen, Inbox, PackageCheck, PackageOpen, ShieldCheck } from 'lucide-react'
import { decisionNotes } from '../../../main/model/decision-notes'
import { knownPlace } from '../../../main/model/place'
import { DecisionBadges, decisionWords, useDecisions } from '../../evidence'
import type { HostOutput } from '../../host'
import { useHostQuery, useOs } from '../../host'
import {
  Badge,
  Button,
  classNames,
  HashChip,
  KeyValueList,
  Link,
  ListPage,
  navigate,
  SizeText,
  StatusIcon,
  TimeText,
  useListRows,
  type Column
} from '../../ui'
import { bundlesStore } from './bundles-store'
import { showBundle, useOpenBundle } from './open-bundle'
import { useTakeDecisions } from './use-take-decisions'
import { decisionLines } from './verdict'

type Exported = HostOutput<'bundles.list'>[number]

function PlaceBadge({ bundle }: { bundle: Exported }) {
  if (bundle.available) return <Badge status="ok">Available</Badge>
  return (
    <Badge status="warn" tooltip="It was moved or deleted.">
      Not there
    </Badge>
  )
}

type Row = Exported & { decided: ReturnType<ReturnType<typeof useDecisions>['ofExport']> }

const unownedMeaning = 'Nobody in this workspace had the key when it signed. Who holds it cannot be told from here.'

/** With the inspector open they fit into the smallest screen that people work at, 1366 px wide. */
const columns: readonly Column<Row>[] = [
  {
    id: 'model',
    header: 'Model',
    value: (row) => `${row.model}@${row.version}`,
    width: 146,
    pinned: true
  },
  { id: 'place', header: 'File', value: (row) => (row.available ? 1 : 0), cell: (row) => <PlaceBadge bundle={row} />, width: 106 },
  {
    id: 'path',
    header: 'Path',
    value: (row) => row.path,
    cell: (row) => <span className="truncate font-mono text-caption">{row.path}</span>,
    width: 114,
    grow: true
  },
  { id: 'size', header: 'Size', value: (row) => row.size, cell: (row) => <SizeText bytes={row.size} />, numeric: true, width: 76 },
  {
    id: 'signer',
    header: 'Signed by',
    value: (row) => row.signer,
    cell: (row) =>
      row.unowned ? (
        <Badge status="warn" tooltip={unownedMeaning}>
          {row.signer}: nobody&apos;s here
        </Badge>
      ) : (
        row.signer
      ),
    width: 126
  },
  {
    id: 'decisions',
    header: 'Decisions',
    hint: 'By people of this workspace, as far as they are known here; unknown signers stand apart.',
    value: (row) => (row.decided ? decisionWords(row.decided) : null),
    cell: (row) => <DecisionBadges decided={row.decided} />,
    width: 100
  },
  {
    id: 'digest',
    header: 'Signature',
    hint: 'SHA-256 of model.sig: the identity of the bundle.',
    value: (row) => row.signatureSha256,
    cell: (row) => <HashChip hash={row.signatureSha256} label="Signature digest" />,
    width: 104,
    sortable: false
  },
  {
    id: 'created',
    header: 'Exported',
    value: (row) => row.createdAt,
    cell: (row) => <TimeText value={row.createdAt} relative />,
    width: 98
  }
]

const keyOf = (bundle: Exported) => bundle.id
const textsOf = (bundle: Exported) => [`${bundle.model}@${bundle.version}`, bundle.path, bundle.signer]
const review = (bundle: Exported) => bundle.available && showBundle(knownPlace('bundle', bundle.id), { fingerprint: bundle.fingerprint })

/** The bundles that were exported from the open workspace. */
export function BundleList() {
  const bundles = useHostQuery('bundles.list', {})
  const { openFile, openFolder } = useOpenBundle()
  const decisions = useDecisions()
  const all = bundles.data?.map((bundle): Row => ({ ...bundle, decided: decisions.ofExport(bundle.id) }))
  const take = useTakeDecisions()
  const list = useListRows({ store: bundlesStore, query: bundles, all, rowKey: keyOf, textsOf })
  const current = list.selected
  return (
    <ListPage
      {...list}
      title="Bundles"
      label="Exported bundles"
      noun="bundle"
      inspectorName="bundles"
      actions={
        <>
          <Button icon={Inbox} loading={take.busy} onClick={() => void take.choose()}>
            Bring back decisions
          </Button>
          <Button icon={FolderOpen} onClick={() => void openFolder()}>
            Open a folder
          </Button>
        </>
      }
      primary={
        <Button variant="primary" icon={PackageOpen} onClick={() => void openFile()}>
          Open a bundle
        </Button>
      }
      filterPlaceholder="Filter by model, path or signer"
      filteredBy="its model, path or signer"
      columns={columns}
      onOpen={review}
      inspectorTitle={current ? `${current.model}@${current.version}` : 'Details'}
      inspectorEmpty="Select a bundle to see who signed it and where it lies."
      inspector={current && <Details bundle={current} />}
      icon={PackageCheck}
      firstDay={{
        title: 'Nothing was exported yet',
        text: 'A bundle carries a model with its card, evidence, policy results and lineage under one signature, so that a reviewer can judge it on another machine.',
        action: (
          <Button variant="primary" icon={Boxes} onClick={() => navigate('models')}>
            Choose a model to export
          </Button>
        )
      }}
    />
  )
}

function Details({ bundle }: { bundle: Row }) {
  const os = useOs()
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button icon={ShieldCheck} disabled={!bundle.available} onClick={() => review(bundle)}>
          Review
        </Button>
        <Button icon={FolderOpen} disabled={!bundle.available} onClick={() => void os.showInFolder(knownPlace('bundle', bundle.id))}>
          Show in folder
        </Button>
      </div>
      {!bundle.available && (
        <p className="text-muted">
          The file is not where it was written. If it was moved, open it from its new place; what it says is in its own signature.
        </p>
      )}
      <KnownDecisions decided={bundle.decided} />
      <KeyValueList
        labelWidth={92}
        items={[
          {
            label: 'Model',
            value: (
              <Link area="models" path={[bundle.model, String(bundle.version)]}>
                {bundle.model}@{bundle.version}
              </Link>
            )
          },
          { label: 'Path', value: bundle.path, mono: true },
          { label: 'Size', value: <SizeText bytes={bundle.size} /> },
          { label: 'Signed by', value: bundle.signer },
          bundle.unowned && { label: 'Whose key', value: unownedMeaning },
          { label: 'Fingerprint', value: bundle.fingerprint, mono: true },
          { label: 'Root digest', value: <HashChip hash={bundle.rootSha256} label="Root digest" /> },
          { label: 'Signature', value: <HashChip hash={bundle.signatureSha256} label="Signature digest" /> },
          { label: 'Exported', value: <TimeText value={bundle.createdAt} /> }
        ]}
      />
    </div>
  )
}

/** Who decided about the bundle, by name; what strangers say stands apart. */
function KnownDecisions({ decided }: { decided: Row['decided'] }) {
  const lines = decided ? decisionLines(decided) : []
  const notes = decided ? decisionNotes(decided) : []
  if (lines.length === 0 && notes.length === 0)
    return <p className="text-muted">No decision about it is known here. Bring back the bundle, or the files of its attestations.</p>
  return (
    <ul aria-label="Decisions known here" className="flex flex-col gap-1">
      {lines.map(({ decision, text, unknown }) => (
        <li key={text} className={classNames('flex items-start gap-1.5 [overflow-wrap:anywhere]', unknown && 'text-muted')}>
          <StatusIcon status={unknown ? 'neutral' : decision === 'reject' ? 'error' : 'ok'} className="mt-0.5" /> {text}
        </li>
      ))}
      {notes.map((note) => (
        <li key={note} className="text-caption text-muted [overflow-wrap:anywhere]">
          {note}
        </li>
      ))}
    </ul>
  )
}
