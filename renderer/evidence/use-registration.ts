import { useState } from 'react'
import { ModelName, type ModelPurpose } from '../../main/model/registry'
import type { RunDetail } from '../../main/model/run'
import { fit } from '../../main/model/schema-words'
import { useHostCommand, useHostQuery } from '../host'
import { navigate, showToast } from '../ui'

const unsaid: ModelPurpose = { purpose: '', intendedUse: '', outOfScope: '', limitations: '', owner: '', riskTier: 'medium' }

/** What is written to register a run as a version of a model, what is wrong with it, and the registration. */
export function useRegistration(run: RunDetail, onClose: () => void) {
  const models = useHostQuery('models.list', {}).data ?? []
  const [name, setName] = useState('')
  const [touched, setTouched] = useState(false)
  const [purpose, setPurpose] = useState(unsaid)
  const [withoutGate, setWithoutGate] = useState(false)
  const isGated = run.gate === 'pass'
  const register = useHostCommand('models.register', {
    inline: true,
    onSuccess: (version) => {
      onClose()
      showToast({
        status: 'ok',
        title: `Registered as ${version.name}@${version.version}.`,
        text: version.withoutGate ? 'It is a draft without gate, and marked as one.' : 'It starts as a draft.',
        action: { label: 'Open the model', run: () => navigate('models', [version.name, String(version.version)]) }
      })
    }
  })
  const parsed = fit(ModelName, name)
  const wrongName = name.trim() ? parsed.problems?.[0].words : 'Give the model a name.'
  return {
    models,
    name,
    setName: (next: string) => {
      setName(next)
      setTouched(true)
    },
    nameError: touched && !parsed.success ? (wrongName ?? null) : null,
    existing: models.find((model) => model.name === name.trim()),
    touched,
    purpose,
    change: (part: Partial<ModelPurpose>) => setPurpose((before) => ({ ...before, ...part })),
    isGated,
    withoutGate,
    setWithoutGate,
    error: register.error,
    busy: register.busy,
    submit: () => {
      setTouched(true)
      if (!parsed.success || !(isGated || withoutGate)) return
      void register.run({ run: run.id, name: parsed.data, purpose, ...(!isGated && { withoutGate }) })
    }
  }
}
export type Registration = ReturnType<typeof useRegistration>
