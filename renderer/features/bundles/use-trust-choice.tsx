import { BadgeInfo, KeyRound, ScrollText, UserCheck, Users, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useHostQuery, useOs } from '../../host'
import type { MenuEntry } from '../../ui'
import { nobody, trustsSomebody, type Asked } from './asked'
import { FingerprintDialog } from './fingerprint-dialog'
import type { Review } from './use-review'

/** The ways to say whom a reviewer trusts: menu entries, the same as calls, and the dialog that one of them opens. */
export function useTrustChoice({ reviewed, asked, ask }: Review) {
  const os = useOs()
  const workspace = useHostQuery('workspace.status', {}).data?.workspace ?? null
  const [askFingerprint, setAskFingerprint] = useState(false)
  const choose = async (title: string, name: string, extensions: string[], take: (files: string[]) => Partial<Asked>, multiple = false) => {
    const files = await os.openFiles({ title, filters: [{ name, extensions }], multiple })
    if (files?.[0]) ask(take(files))
  }
  const certificates = ['pem', 'crt', 'cer']
  const ways = {
    chooseKey: () => choose("The signer's public key", 'Public key', ['pem', 'pub'], ([key]) => ({ key, fingerprint: undefined })),
    chooseRoot: () => choose('A root certificate', 'Certificate', certificates, ([root]) => ({ root })),
    choosePeople: () => choose('A trust document', 'Trust document', ['yaml', 'yml'], ([people]) => ({ people, kept: false })),
    chooseReviewers: () =>
      choose(
        'Public keys or certificates of reviewers',
        'Public key or certificate',
        ['pem', 'pub', 'crt', 'cer'],
        (files) => ({ reviewers: [...new Set([...asked.reviewers, ...files])] }),
        true
      ),
    trustKept: () => ask({ kept: true, people: undefined }),
    heardFingerprint: () => setAskFingerprint(true)
  }
  const entries: MenuEntry[] = [
    { heading: 'The author' },
    { id: 'key', label: 'Public key file', icon: KeyRound, onSelect: () => void ways.chooseKey() },
    { id: 'fingerprint', label: 'Fingerprint heard from the signer', icon: BadgeInfo, onSelect: ways.heardFingerprint },
    { id: 'root', label: 'Root certificate file', icon: ScrollText, onSelect: () => void ways.chooseRoot() },
    { heading: 'People' },
    ...(workspace
      ? [{ id: 'kept', label: `The people kept in ${workspace.name}`, icon: UsersRound, onSelect: ways.trustKept } satisfies MenuEntry]
      : []),
    { id: 'people', label: 'Trust document: people and roots', icon: Users, onSelect: () => void ways.choosePeople() },
    { id: 'reviewers', label: "Reviewers' keys or certificates", icon: UserCheck, onSelect: () => void ways.chooseReviewers() },
    ...(trustsSomebody(asked) ? (['separator', { id: 'nobody', label: 'Trust nobody', onSelect: () => ask(nobody) }] as const) : [])
  ]
  const dialog = askFingerprint && (
    <FingerprintDialog
      signer={reviewed?.report.signer?.keyFingerprint ?? null}
      onClose={() => setAskFingerprint(false)}
      onChoose={(fingerprint) => {
        setAskFingerprint(false)
        ask({ fingerprint, key: undefined })
      }}
    />
  )
  return { ...ways, entries, dialog, choose, certificates, workspace: workspace?.name ?? null }
}

export type TrustChoice = ReturnType<typeof useTrustChoice>
