import { BadgeInfo, KeyRound, ScrollText, Users } from 'lucide-react'
import { useState } from 'react'
import { useOs } from '../../host'
import type { MenuEntry } from '../../ui'
import { FingerprintDialog } from './fingerprint-dialog'
import type { Review } from './use-review'

/** The ways to say whom a reviewer trusts: menu entries, the same as calls, and the dialog that one of them opens. */
export function useTrustChoice({ reviewed, trust, setTrust }: Review) {
  const os = useOs()
  const [askFingerprint, setAskFingerprint] = useState(false)
  const chooseKey = async () => {
    const files = await os.openFiles({ title: "The signer's public key", filters: [{ name: 'Public key', extensions: ['pem', 'pub'] }] })
    if (files?.[0]) setTrust({ key: files[0] })
  }
  const chooseRoot = async () => {
    const files = await os.openFiles({ title: 'A root certificate', filters: [{ name: 'Certificate', extensions: ['pem', 'crt', 'cer'] }] })
    if (files?.[0]) setTrust({ root: files[0] })
  }
  const choosePeople = async () => {
    const files = await os.openFiles({ title: 'A trust document', filters: [{ name: 'Trust document', extensions: ['yaml', 'yml'] }] })
    if (files?.[0]) setTrust({ people: files[0] })
  }
  const entries: MenuEntry[] = [
    { id: 'key', label: 'Public key file', icon: KeyRound, onSelect: () => void chooseKey() },
    { id: 'root', label: 'Root certificate file', icon: ScrollText, onSelect: () => void chooseRoot() },
    { id: 'people', label: 'Trust document: people and roots', icon: Users, onSelect: () => void choosePeople() },
    { id: 'fingerprint', label: 'Fingerprint heard from the signer', icon: BadgeInfo, onSelect: () => setAskFingerprint(true) },
    ...(trust.key || trust.root || trust.people || trust.fingerprint
      ? (['separator', { id: 'nobody', label: 'Trust nobody', onSelect: () => setTrust({}) }] as const)
      : [])
  ]
  const dialog = askFingerprint && (
    <FingerprintDialog
      signer={reviewed?.report.signer?.keyFingerprint ?? null}
      onClose={() => setAskFingerprint(false)}
      onChoose={(fingerprint) => {
        setAskFingerprint(false)
        setTrust({ fingerprint })
      }}
    />
  )
  return { entries, dialog, chooseKey, chooseRoot, choosePeople, heardFingerprint: () => setAskFingerprint(true) }
}

export type TrustChoice = ReturnType<typeof useTrustChoice>
