import { createRequire } from 'node:module'

// Without a window of their own around them, so that these tests share the modules of the others; the package brings no types.
const { JSDOM } = createRequire(import.meta.url)('jsdom') as { JSDOM: new () => { window: { DOMParser: typeof DOMParser } } }
const parser = new new JSDOM().window.DOMParser()

/** A page as a browser reads it; nothing in it runs. */
export const parseHtml = (text: string): Document => parser.parseFromString(text, 'text/html')
