import { useEffect, useState } from 'react'
import { useHostCommand, useHostQuery } from '../../host'
import { navigate } from '../../ui'
import { newPolicyText } from './new-policy-text'
import { keepPolicyText, usePoliciesState } from './policies-store'

/** The text a little after the last key, so that each pause in typing is checked once. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

export type PolicyDraft = ReturnType<typeof usePolicyDraft>

/** The text being written, what is wrong with it and how its tests end, and the way to save it. A new policy has neither name nor saved text. */
export function usePolicyDraft(name: string | null, savedText: string | null) {
  const key = name ?? ''
  const draft = usePoliciesState((state) => state.texts[key])
  const text = draft ?? savedText ?? newPolicyText
  const settled = useSettled(text)
  const check = useHostQuery('policies.check', { text: settled }, { keepPrevious: true })
  const save = useHostCommand('policies.save', {
    inline: true,
    success: (summary) => `${summary.title} is saved as version ${summary.sha256.slice(0, 8)}.`,
    onSuccess: (summary) => {
      keepPolicyText(key, null)
      if (summary.name !== name) navigate('policies', [summary.name], {}, { replace: true })
    }
  })
  return {
    text,
    dirty: text !== savedText,
    /** The name that the text gives itself, as far as it can be read. */
    textName: /^name:\s*["']?([a-z0-9-]+)/m.exec(text)?.[1] ?? null,
    check,
    /** False while a newer text is being checked. */
    isChecked: check.data !== undefined && !check.isPlaceholderData && settled === text,
    save,
    submit: () => void save.run({ text }),
    change: (next: string) => keepPolicyText(key, next === savedText ? null : next),
    discard: () => keepPolicyText(key, null)
  }
}
