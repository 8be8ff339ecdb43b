import { describe, expect, it } from 'vitest'
import { asciiControls, isPlainText, printable, printableLines } from './plain-text'

const deceptions = ['\0', '\u001b[2J', '\u0085', '\u200b', '\u2028', '\u202e', '\u2066', '\ufeff', '\ud800', '\u{e0041}', 'a\rb']

describe('plain text', () => {
  it('is every script, with its own direction and composition marks', () => {
    for (const text of ['Ada Müller', '王小明', 'שלום\u200f!', 'می\u200cخواهم', '👩\u200d🔬', 'e\u0301']) {
      expect(isPlainText(text), text).toBe(true)
      expect(printable(text)).toBe(text)
    }
  })

  it.each(deceptions)('is not %j, which is shown as its escape', (text) => {
    expect(isPlainText(text)).toBe(false)
    expect(isPlainText(text, { lines: true })).toBe(false)
    expect(isPlainText(printable(text))).toBe(true)
    expect(printable(text)).toContain('\\u')
  })

  it('has several lines only where they are expected', () => {
    expect(isPlainText('a\n\tb')).toBe(false)
    expect(isPlainText('a\n\tb', { lines: true })).toBe(true)
    expect(printable('a\nb')).toBe('a\\u000ab')
  })

  it('of several lines keeps its lines and tabs and escapes what deceives', () => {
    expect(printableLines('a: 1\r\nb: 2\r\n\r')).toBe('a: 1\r\nb: 2\r\n\\u000d')
    expect(printableLines('a\n\tb\u001b[2J\rc\u009b1m\u202e')).toBe('a\n\tb\\u001b[2J\\u000dc\\u009b1m\\u202e')
  })

  it('as JSON has the same values and none of these characters', () => {
    const value = { 'a\u009b\u202e': `b\u001b\u{e0041}\n` }
    const text = asciiControls(JSON.stringify(value, null, 2))
    expect(isPlainText(text, { lines: true })).toBe(true)
    expect(JSON.parse(text)).toEqual(value)
  })
})
