import { FileWarning, FileX2, ShieldAlert } from 'lucide-react'
import { useMemo, useState } from 'react'
import { paritySchema, type Parity } from '../../../main/model/parity'
import { ParityCertificate } from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Badge,
  Button,
  CodeEditor,
  EmptyState,
  ErrorState,
  formatSize,
  HtmlDocument,
  SizeText,
  Skeleton,
  StatusIcon,
  type CodeLanguage
} from '../../ui'
import { fileStates, type BundleFile } from './file-tree'

export interface FileViewerProps {
  bundle: string
  file: BundleFile
}

const languages: Record<string, CodeLanguage> = { json: 'json', yaml: 'yaml' }

/**
 * One file for reading. Nothing in it is executed; a document is drawn in a frame without rights. What nobody vouches for is not shown
 * before the reader asks for it, and then only as text: a forged card must not look like a card.
 */
export function FileViewer({ bundle, file }: FileViewerProps) {
  const { status, word, meaning } = fileStates[file.state]
  const isDoubtful = file.state === 'changed' || file.state === 'added' || file.state === 'unsigned'
  const [isAsked, setAsked] = useState(false)
  const isShown = file.state !== 'missing' && (isAsked || !isDoubtful)
  const content = useHostQuery('bundles.file', { path: bundle, file: file.path, sha256: file.sha256 }, { enabled: isShown })
  const [source, setSource] = useState(false)
  return (
    <section aria-label={`File ${file.path}`} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-9 shrink-0 items-center gap-2 border-b px-3">
        <h2 className="min-w-0 truncate font-mono text-caption font-semibold" title={file.path}>
          {file.path}
        </h2>
        <Badge status={status} tooltip={meaning}>
          {word}
        </Badge>
        <span className="text-caption text-muted">
          <SizeText bytes={file.size} />
        </span>
        {content.data?.kind === 'html' && !isDoubtful && (
          <Button size="sm" className="ml-auto" aria-pressed={source} onClick={() => setSource(!source)}>
            {source ? 'Show the document' : 'Show the source'}
          </Button>
        )}
      </header>
      {isDoubtful && isShown && (
        <p className="flex shrink-0 items-start gap-2 border-b bg-error-soft px-3 py-1.5">
          <StatusIcon status="error" className="mt-0.5" /> {meaning}
        </p>
      )}
      {content.data?.truncated && (
        <p className="shrink-0 border-b bg-warn-soft px-3 py-1.5">
          The first {formatSize(content.data.text.length)} of {formatSize(content.data.size)} are shown. The verification covered all of it.
        </p>
      )}
      <div className="min-h-0 flex-1 overflow-auto">
        {file.state === 'missing' ? (
          <EmptyState
            icon={FileX2}
            title="This file is missing"
            text="It was signed and is not in the bundle. Ask the sender for an unaltered copy."
          />
        ) : !isShown ? (
          <EmptyState
            icon={ShieldAlert}
            title={file.state === 'unsigned' ? 'Nobody vouches for this file' : 'This file is not what was signed'}
            text={`${meaning} It can be read as plain text to find out what it is.`}
            action={<Button onClick={() => setAsked(true)}>Show it as text all the same</Button>}
          />
        ) : content.error ? (
          <ErrorState error={content.error} onRetry={() => void content.refetch()} />
        ) : content.data ? (
          <Content file={file} kind={content.data.kind} text={content.data.text} source={source || isDoubtful} />
        ) : (
          <Skeleton lines={10} />
        )}
      </div>
    </section>
  )
}

function Content({ file, kind, text, source }: { file: BundleFile; kind: string; text: string; source: boolean }) {
  const shown = useMemo(() => (kind === 'json' ? indentJson(text) : text), [kind, text])
  if (kind === 'binary')
    return (
      <EmptyState
        icon={FileWarning}
        title="A binary file"
        text={`${formatSize(file.size)}. It is verified byte by byte but not shown. Export the bundle's folder form or unzip it to use it with other tools.`}
      />
    )
  if (kind === 'html' && !source) return <HtmlDocument title={`Document ${file.path}`} html={text} />
  const parity = file.path === 'evidence/parity.json' && !source ? readParity(text) : null
  const editor = <CodeEditor bare readOnly language={languages[kind] ?? 'plain'} aria-label={`Text of ${file.path}`} value={shown} />
  if (!parity) return editor
  return (
    <>
      <div className="border-b p-4">
        <ParityCertificate parity={parity} />
      </div>
      {editor}
    </>
  )
}

/** The certificate of a model that was made elsewhere; null for what is none. */
function readParity(text: string): Parity | null {
  try {
    return paritySchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** JSON on one line is laid out for reading; what does not parse is shown as it is. */
function indentJson(text: string): string {
  if (text.trimEnd().includes('\n')) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
