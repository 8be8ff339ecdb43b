import type { UpdateState } from '../../../main/model/update'
import { Badge, HashChip, KeyValueList, Panel, TimeText } from '../../ui'

/** What runs, and the versions that are there. */
export function InstalledVersions({ state: { version, commit, builtAt, packaged, versions, folder } }: { state: UpdateState }) {
  return (
    <Panel title="Versions on this computer" hint={packaged ? folder : undefined} flush>
      <div className="border-b p-3">
        <KeyValueList
          items={[
            { label: 'Drydock', value: version },
            commit !== null && { label: 'Commit', value: <HashChip hash={commit} /> },
            builtAt !== null && { label: 'Built', value: <TimeText value={builtAt} /> }
          ]}
        />
      </div>
      <ul>
        {versions.map(({ version: each, place, running, next, appliedAt, by }) => (
          <li key={`${place} ${each}`} className="flex flex-wrap items-center gap-2 border-b px-3 py-2 last:border-b-0">
            <span className="font-medium">{each}</span>
            <span className="min-w-40 flex-1 text-muted">
              {place === 'user' ? 'in your own folder' : packaged ? 'the program of this computer' : 'this checkout'}
              {appliedAt !== null && (
                <>
                  , applied <TimeText value={appliedAt} /> by {by}
                </>
              )}
            </span>
            {running && <Badge status="ok">runs</Badge>}
            {next && !running && <Badge status="info">starts next</Badge>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Whose releases this program takes. */
export function ReleaseKeys({ keys }: { keys: UpdateState['keys'] }) {
  return (
    <Panel title="Release keys" hint="Only what one of them signed is taken">
      {keys.length === 0 ? (
        <p className="text-muted">This program was built without a release key, so it takes no update by file.</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {keys.map(({ name, fingerprint, from, retiredFrom }) => (
            <li key={fingerprint} data-selectable>
              <span className="font-medium">{name}</span>
              {from === 'rotation' && <span className="text-muted">, by a statement of the key before</span>}
              {retiredFrom !== null && <span className="text-muted">, for versions before {retiredFrom}</span>}
              <span className="block font-mono text-caption text-muted [overflow-wrap:anywhere]">{fingerprint}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
