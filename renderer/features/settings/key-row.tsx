import { useState } from 'react'
import type { PersonKey } from '../../../main/model/workspace'
import { useHostCommand, useOs } from '../../host'
import { Badge, Button, HashChip, TimeText } from '../../ui'
import { ReasonDialog } from './reason-dialog'

/** One key: its fingerprint, whether it signs here, and how to hand out its public half or retire it. */
export function KeyRow({ signingKey, holder }: { signingKey: PersonKey; holder: string }) {
  const os = useOs()
  const save = useHostCommand('people.savePublicKey', { success: ({ path }) => `The public key was written to ${path}.` })
  const [isRetiring, setRetiring] = useState(false)
  const retire = useHostCommand('people.retireKey', {
    inline: true,
    success: 'The key is retired. What it signed stays.',
    onSuccess: () => setRetiring(false)
  })
  const { fingerprint, retiredAt } = signingKey
  const savePublic = async (): Promise<void> => {
    const path = await os.saveFile({
      title: 'Save the public key',
      defaultName: 'signer.pub.pem',
      extension: 'pem',
      filters: [{ name: 'PEM', extensions: ['pem'] }]
    })
    if (path) await save.run({ fingerprint, path })
  }
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-3 border-t pt-1">
      <HashChip hash={fingerprint} />
      {retiredAt !== undefined ? (
        <Badge status="neutral" tooltip="What it signed stays; it signs nothing more.">
          Retired
        </Badge>
      ) : signingKey.usable ? (
        <Badge status="ok" tooltip={signingKey.privateKeyPath}>
          Can sign here
        </Badge>
      ) : (
        <Badge status="neutral" tooltip="The private key file is not on this machine, or its holder left.">
          Private key elsewhere
        </Badge>
      )}
      <span className="text-caption text-muted">
        since <TimeText value={signingKey.createdAt} />
        {retiredAt !== undefined && (
          <>
            , until <TimeText value={retiredAt} />
          </>
        )}
      </span>
      <Button size="sm" variant="ghost" className="ml-auto" loading={save.busy} onClick={() => void savePublic()}>
        Save public key
      </Button>
      {retiredAt === undefined && (
        <Button size="sm" variant="ghost" onClick={() => setRetiring(true)}>
          Retire
        </Button>
      )}
      {isRetiring && (
        <ReasonDialog
          title={`Retire the key ${fingerprint.slice(0, 8)} of ${holder}`}
          text="It signs nothing more in this workspace, and that cannot be taken back. What it signed stays and is verified as before."
          action="Retire the key"
          work={retire}
          onSubmit={(reason) => void retire.run({ fingerprint, reason })}
          onClose={() => setRetiring(false)}
        />
      )}
    </li>
  )
}
