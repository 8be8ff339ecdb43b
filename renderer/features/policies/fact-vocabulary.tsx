import { useState } from 'react'
import { factVocabulary } from '../../../main/model/policy'
import { Check, Copy } from 'lucide-react'
import { IconButton, SearchInput, useCopied } from '../../ui'

/** What an expression may name, with unit and direction; the name is copied with one click. */
export function FactVocabulary() {
  const [filter, setFilter] = useState('')
  const needle = filter.trim().toLowerCase()
  const shown = factVocabulary.filter((fact) => `${fact.path} ${fact.meaning}`.toLowerCase().includes(needle))
  return (
    <div className="flex h-full flex-col gap-2 p-3">
      <SearchInput value={filter} onChange={setFilter} placeholder="Find a fact" className="w-full" />
      <p className="text-caption text-muted">
        Expressions are CEL and must give true or false. A fact that was not measured makes its rule fail. Durations are seconds, sizes
        bytes, shares 0 to 1; write numbers that are not whole with a point.
      </p>
      <ul className="min-h-0 flex-1 overflow-auto" tabIndex={0} aria-label="Facts">
        {shown.map((fact) => (
          <Fact key={fact.path} fact={fact} />
        ))}
        {shown.length === 0 && <li className="py-2 text-muted">No fact matches. Metrics of your own are named metrics.NAME.</li>}
      </ul>
    </div>
  )
}

function Fact({ fact }: { fact: (typeof factVocabulary)[number] }) {
  const [copied, copy] = useCopied()
  const notes = [fact.kind, fact.unit, fact.better && `${fact.better} is better`].filter(Boolean).join(', ')
  return (
    <li className="flex items-start gap-2 border-b py-1.5 last:border-b-0">
      <div className="min-w-0 flex-1" data-selectable>
        <code className="font-mono text-caption [overflow-wrap:anywhere]">{fact.path}</code>
        <p className="text-caption">{fact.meaning}</p>
        <p className="text-micro text-muted">{notes}</p>
      </div>
      <IconButton icon={copied ? Check : Copy} size="sm" label={`Copy ${fact.path}`} onClick={() => copy(fact.path)} />
    </li>
  )
}
