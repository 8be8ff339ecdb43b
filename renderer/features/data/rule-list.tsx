import { useState } from 'react'
import type { ImportRule, ImportRuleName } from '../../../main/model/dataset'
import { Button, formatCount } from '../../ui'

/** A rule in the fewest words. */
export const ruleNames: Record<ImportRuleName, string> = {
  'null-token': 'Missing text',
  'decimal-comma': 'Decimal comma',
  thousands: 'Thousands marks',
  'date-format': 'Date format',
  'time-zone': 'Time zone',
  'no-zone': 'Without time zone',
  'true-false': 'True or false',
  underflow: 'Read as zero',
  exponent: 'Exponent',
  rounded: 'Rounded',
  strip: 'Unit left away',
  'trailing-minus': 'Minus written otherwise',
  'detection-limit': 'Detection limit',
  code: 'Codes as numbers',
  encoding: 'Encoding',
  'skipped-lines': 'Skipped lines'
}

export const rulesTitle = 'Changed on the way in'
export const offersTitle = 'Can be read too'

const STEP = 5
const keyOf = ({ column, rule }: ImportRule, index: number) => `${rule} ${column ?? ''} ${index}`

export interface RuleListProps {
  title: string
  rules: readonly ImportRule[]
  /** What the button of a rule says; without it there is none. */
  choose?: { label: string; onChoose: (rule: ImportRule) => void; disabled?: boolean }
}

/** Rules of an import, each with its column, its count and examples; nothing where there is none. */
export function RuleList({ title, rules, choose }: RuleListProps) {
  const [shown, setShown] = useState(STEP)
  if (rules.length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className="mb-1 text-caption font-medium">{title}</h2>
      <ul className="flex flex-col gap-2">
        {rules.slice(0, shown).map((rule, index) => (
          <RuleItem key={keyOf(rule, index)} rule={rule} choose={choose} />
        ))}
      </ul>
      {rules.length > shown && (
        <Button size="sm" variant="ghost" onClick={() => setShown(rules.length)}>
          Show {formatCount(rules.length - shown, 'more rule')}
        </Button>
      )}
    </section>
  )
}

function RuleItem({ rule, choose }: { rule: ImportRule } & Pick<RuleListProps, 'choose'>) {
  const { column, cells, detail, examples, choice } = rule
  return (
    <li className="flex flex-col gap-1 rounded-md border bg-surface-1 p-2 text-caption" data-selectable>
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">
          {column === null ? ruleNames[rule.rule] : `${column}: ${ruleNames[rule.rule].toLowerCase()}`}
        </span>
        <span className="shrink-0 text-muted tabular-nums">{formatCount(cells, 'cell')}</span>
      </div>
      <p className="[overflow-wrap:anywhere]">{detail}</p>
      <div className="flex flex-wrap items-start gap-2">
        {examples.length > 0 && (
          <details className="min-w-0 flex-1 open:basis-full">
            <summary className="w-fit rounded-sm text-accent">{formatCount(examples.length, 'example')}</summary>
            <ul className="mt-1 flex flex-col gap-0.5">
              {examples.map((example, index) => (
                <li key={index} className="flex flex-wrap gap-x-1.5">
                  <span className="text-muted">Line {example.line.toLocaleString('en-US')}</span>
                  <span className="font-mono [overflow-wrap:anywhere]">{example.from}</span>
                  <span aria-label="becomes">{'\u2192'}</span>
                  <span className="font-mono [overflow-wrap:anywhere]">{example.to ?? <span className="text-muted">missing</span>}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
        {choose && choice && (
          <Button
            size="sm"
            className="ml-auto"
            disabled={choose.disabled}
            aria-label={`${choose.label}: ${column === null ? '' : `${column}, `}${ruleNames[rule.rule].toLowerCase()}`}
            onClick={() => choose.onChoose(rule)}
          >
            {choose.label}
          </Button>
        )}
      </div>
    </li>
  )
}
