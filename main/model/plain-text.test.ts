import { describe, expect, it } from 'vitest'
import { isPlainText, printable } from './plain-text'

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
})
