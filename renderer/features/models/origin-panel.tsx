import type { ModelOrigin } from '../../../main/model/parity'
import { commandWords, notPortable } from '../../../main/model/external-scorer'
import { describeParity } from '../../../main/model/parity'
import { formatSize, HashChip, KeyValueList, Panel } from '../../ui'

/** Where a model that was made elsewhere comes from, and how it answers beside the original; nothing for a model of our own. */
export function OriginPanel({ origin }: { origin: ModelOrigin | undefined }) {
  if (!origin?.imported && !origin?.parity) return null
  const { imported, parity } = origin
  return (
    <Panel title="Made elsewhere">
      <KeyValueList
        items={[
          imported && { label: 'File', value: `${imported.original.name}, ${formatSize(imported.original.bytes)}` },
          imported && {
            label: 'Original',
            value: <HashChip hash={imported.original.sha256} label="Digest of the file as it was brought" />
          },
          imported?.external && { label: 'Command', value: commandWords(imported.external.command) },
          imported?.producer && !imported.external ? { label: 'Written by', value: imported.producer } : null,
          imported && {
            label: 'Form',
            value: imported.external
              ? notPortable
              : imported.adapted.length === 0
                ? 'used as it is'
                : `adapted: ${imported.adapted.join('; ')}`
          },
          !imported?.external && {
            label: 'Parity',
            value: parity ? describeParity(parity) : 'not compared with predictions of the original'
          }
        ]}
      />
    </Panel>
  )
}
