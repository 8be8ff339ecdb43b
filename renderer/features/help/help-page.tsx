import { useEffect, useMemo, useRef } from 'react'
import { anchorOf, FIRST_PAGE, searchGuide, topicOfLink, type GuidePage } from '../../../main/model/guide'
import { EmptyState, hrefTo, Markdown, navigate, Page, PageHeader, SplitPane, useLocation } from '../../ui'
import { CircleQuestionMark } from 'lucide-react'
import { guidePages } from './guide-pages'
import { HelpList } from './help-list'

const addressOf = (topic: string, part?: string, find?: string): string => hrefTo('help', topic.split('/'), { part, find })

/** The guide: its pages and a search at the left, the chosen page at the right. */
export function HelpPage() {
  const { path, query } = useLocation()
  const topic = path.join('/') || FIRST_PAGE
  const find = query.find ?? ''
  const page = guidePages.find((each) => each.topic === topic)
  const found = useMemo(() => searchGuide(guidePages, find), [find])
  return (
    <Page header={<PageHeader title="Help" status="A guide that ships with the program" />}>
      <SplitPane
        name="help"
        size={300}
        min={200}
        max={520}
        first={
          <HelpList
            pages={guidePages}
            topic={topic}
            find={find}
            found={found}
            onFind={(words) => navigate('help', path, { find: words }, { replace: true })}
            hrefOf={(to, part) => addressOf(to, part, find)}
          />
        }
        second={
          page ? (
            <Article key={topic} page={page} part={query.part ?? ''} />
          ) : (
            <EmptyState
              icon={CircleQuestionMark}
              title="No such page"
              text="The guide has no page of this name. Choose one from the list."
            />
          )
        }
      />
    </Page>
  )
}

function Article({ page, part }: { page: GuidePage; part: string }) {
  const article = useRef<HTMLElement>(null)
  useEffect(() => {
    const own = article.current
    if (!own) return
    // The link that led here may be gone with the page before: the keyboard goes on in the text.
    if (document.activeElement === null || document.activeElement === document.body) own.focus({ preventScroll: true })
    if (part) own.querySelector(`[id="${CSS.escape(part)}"]`)?.scrollIntoView()
  }, [part])
  return (
    <article
      ref={article}
      tabIndex={0}
      data-panel
      aria-label={page.title}
      className="h-full overflow-y-auto px-6 py-4 focus-visible:outline-offset-[-2px]"
    >
      <Markdown
        text={page.text}
        idOf={anchorOf}
        hrefOf={(href) => {
          const to = topicOfLink(page.topic, href)
          return to && guidePages.some(({ topic }) => topic === to.topic) ? addressOf(to.topic, to.anchor) : undefined
        }}
      />
    </article>
  )
}
