import { anchorOf, type GuideFind, type GuidePage } from '../../../main/model/guide'
import { classNames, SearchInput } from '../../ui'

interface HelpListProps {
  pages: readonly GuidePage[]
  topic: string
  find: string
  found: readonly GuideFind[]
  onFind: (words: string) => void
  hrefOf: (topic: string, part?: string) => string
}

const isReference = (page: GuidePage | undefined): boolean => page?.topic.startsWith('reference/') ?? false
const entry = 'block rounded-sm px-2 py-1 hover:bg-surface-2'

/** The pages of the guide, or while words are looked for the places where they stand. */
export function HelpList({ pages, topic, find, found, onFind, hrefOf }: HelpListProps) {
  const isSearching = find.trim() !== ''
  return (
    <div className="flex h-full flex-col gap-2 p-3">
      <SearchInput value={find} onChange={onFind} placeholder="Search the guide" className="w-full" />
      <p role="status" className={classNames('text-caption text-muted', !isSearching && 'sr-only')}>
        {isSearching ? (found.length === 0 ? 'No page has all of these words. Try fewer.' : `${found.length} found`) : ''}
      </p>
      <nav aria-label="Guide" className="min-h-0 flex-1 overflow-y-auto" tabIndex={-1}>
        <ul className="flex flex-col gap-px">
          {isSearching
            ? found.map((place, index) => (
                <li key={index}>
                  <a href={hrefOf(place.topic, place.heading === null ? undefined : anchorOf(place.heading))} className={entry}>
                    <span className="block truncate">{place.heading ?? place.title}</span>
                    <span className="block truncate text-caption text-muted">
                      {place.heading === null ? place.line : `${place.title}: ${place.line}`}
                    </span>
                  </a>
                </li>
              ))
            : pages.map((page, index) => (
                <li key={page.topic}>
                  {isReference(page) && !isReference(pages[index - 1]) && (
                    <h2 className="px-2 pt-3 pb-0.5 text-caption text-muted">Reference</h2>
                  )}
                  <a
                    href={hrefOf(page.topic)}
                    aria-current={page.topic === topic ? 'page' : undefined}
                    className={classNames(entry, 'truncate', page.topic === topic && 'bg-surface-3 font-medium')}
                  >
                    {page.title}
                  </a>
                </li>
              ))}
        </ul>
      </nav>
    </div>
  )
}
