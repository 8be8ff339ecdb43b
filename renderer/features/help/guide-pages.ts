/// <reference types="vite/types/importMeta.d.ts" />
import { orderPages, parseGuidePage, type GuidePage } from '../../../main/model/guide'

/** The texts come with the page itself, so that help is there without a workspace, and when the host is not. */
const texts = import.meta.glob<string>('../../../resources/guide/**/*.md', { query: '?raw', import: 'default', eager: true })

/** The pages of the guide, in the order in which they are read. */
export const guidePages: readonly GuidePage[] = orderPages(
  Object.entries(texts).map(([path, text]) => parseGuidePage(path.replace(/^.*\/resources\/guide\/|\.md$/g, ''), text))
)
