import { Check, Copy } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { useCopied } from './hash-chip'
import { IconButton } from './icon-button'
import { parseInline, parseMarkdown, type Block, type Inline } from './markdown-blocks'

export interface MarkdownProps {
  text: string
  /** The address that a link leads to; undefined for one that leads nowhere here, of which only the words are shown. */
  hrefOf: (href: string) => string | undefined
  /** The id of a heading, for links to it. */
  idOf: (heading: string) => string
}

type Ways = Pick<MarkdownProps, 'hrefOf' | 'idOf'>

/** A Markdown text in the type of the page; its first heading stands below the title of the page. */
export function Markdown({ text, ...ways }: MarkdownProps) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return (
    <div className="flex max-w-180 flex-col gap-3" data-selectable>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} {...ways} />
      ))}
    </div>
  )
}

const headingClass = ['text-figure font-semibold', 'mt-3 text-title font-semibold', 'mt-1 font-semibold', 'font-semibold']

function BlockView({ block, ...ways }: { block: Block } & Ways) {
  if (block.kind === 'paragraph') return <p>{inlines(block.text, ways)}</p>
  if (block.kind === 'code') return <CodeBlock text={block.text} />
  if (block.kind === 'table') return <TableBlock {...block} {...ways} />
  if (block.kind === 'heading') {
    const Heading = `h${block.level + 1}` as 'h2'
    return (
      <Heading id={ways.idOf(block.text)} className={`scroll-mt-4 ${headingClass[block.level - 1]}`}>
        {inlines(block.text, ways)}
      </Heading>
    )
  }
  const List = block.ordered ? 'ol' : 'ul'
  return (
    <List className={`flex flex-col gap-1 pl-5 ${block.ordered ? 'list-decimal' : 'list-disc'}`}>
      {block.items.map((item, index) => (
        <li key={index}>
          <div className="flex flex-col gap-2">
            {item.map((each, place) => (
              <BlockView key={place} block={each} {...ways} />
            ))}
          </div>
        </li>
      ))}
    </List>
  )
}

function CodeBlock({ text }: { text: string }) {
  const [copied, copy] = useCopied()
  return (
    <div className="relative rounded-md border bg-surface-0">
      <pre tabIndex={0} aria-label="Code" className="overflow-x-auto p-2 pr-9 font-mono text-caption [font-variant-ligatures:none]">
        <code>{text}</code>
      </pre>
      <IconButton icon={copied ? Check : Copy} size="sm" label="Copy" onClick={() => copy(text)} className="absolute top-1 right-1" />
    </div>
  )
}

function TableBlock({ header, rows, ...ways }: { header: string[]; rows: string[][] } & Ways) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Table">
      <table className="w-full border-collapse text-left text-caption">
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col" className="border-b py-1 pr-3 align-top font-semibold text-muted">
                {inlines(cell, ways)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) => (
                <td key={place} className="border-b py-1 pr-3 align-top">
                  {inlines(cell, ways)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const inlines = (text: string, ways: Ways): ReactNode => parseInline(text).map((part, index) => inlineOf(part, index, ways))

function inlineOf(part: Inline, key: number, ways: Ways): ReactNode {
  if (part.kind === 'text') return part.text
  if (part.kind === 'code')
    return (
      <code key={key} className="rounded-sm bg-surface-2 px-1 font-mono text-caption [font-variant-ligatures:none]">
        {part.text}
      </code>
    )
  const inner = part.parts.map((each, index) => inlineOf(each, index, ways))
  if (part.kind === 'strong') return <strong key={key}>{inner}</strong>
  if (part.kind === 'emphasis') return <em key={key}>{inner}</em>
  const href = ways.hrefOf(part.href)
  if (href === undefined) return <span key={key}>{inner}</span>
  return (
    <a key={key} href={href} className="rounded-sm text-accent underline underline-offset-2">
      {inner}
    </a>
  )
}
