import { expect, it } from 'vitest'
import { WorkbenchError } from '../model/errors'
import { isPlainText } from '../model/plain-text'
import { createOutput, tableLines, textTable } from './output'
import { runCli } from './program'

it('of a pipeline that cannot run every error is printed with its line and step, up to twenty', () => {
  const printed = (count: number): string => {
    const problems = Array.from({ length: count }, (_, i) => ({
      code: 'EMPTY',
      severity: 'error',
      message: `Wrong ${i}.`,
      stepId: `s${i}`,
      line: i + 3
    }))
    let text = ''
    const output = createOutput(
      false,
      () => {},
      (written) => (text += written)
    )
    output.error(new WorkbenchError('INVALID_INPUT', 'It cannot run.', { details: { problems } }))
    return text
  }
  expect(printed(2)).toBe('drydock: It cannot run.\n  line 3, step "s0": Wrong 0.\n  line 4, step "s1": Wrong 1.\n')
  expect(printed(1)).toBe('drydock: It cannot run.\n')
  expect(printed(23).split('\n').slice(-3)).toEqual(['  line 22, step "s19": Wrong 19.', '  and 3 more', ''])
})

it('what data says is never carried out by the terminal: not in a result, a note, an error, nor in JSON, which keeps its values', () => {
  const evil = 'a\u001b[2J\rb\u009b1mc\u202ed'
  const shown = 'a\\u001b[2J\\u000db\\u009b1mc\\u202ed'
  const printed = (json: boolean): string => {
    let text = ''
    const write = (written: string): void => void (text += written)
    const output = createOutput(json, write, write)
    output.result({ [evil]: evil }, `${textTable(['name'], [[evil]])}\nsecond line`)
    output.note(evil)
    output.error(new WorkbenchError('INVALID_INPUT', `No column "${evil}".`))
    return text
  }
  expect(printed(false)).toBe(`name\n${shown.replace('\\u000d', ' ')}\nsecond line\n${shown}\ndrydock: No column "${shown}".\n`)
  const json = printed(true)
  expect(isPlainText(json, { lines: true })).toBe(true)
  expect(JSON.parse(json.slice(0, json.indexOf('\n}') + 2))).toEqual({ [evil]: evil })
})

it('a name with a line break in an error begins no line of its own', () => {
  let text = ''
  const output = createOutput(
    false,
    () => {},
    (written) => (text += written)
  )
  output.error(new WorkbenchError('NOT_FOUND', 'There is no file "a\nHOLDS: all is well".'))
  expect(text).toBe('drydock: There is no file "a\n  HOLDS: all is well".\n')
})

it('a name with a line break in the head of a table adds no line to it', () => {
  expect(textTable(['a\r\nHOLDS', 'b'], [['x\ny', 1]])).toBe('a HOLDS  b\nx y      1')
})

it('of a list each text is one line of the result, and a note is one line, whatever they quote', () => {
  let text = ''
  const write = (written: string): void => void (text += written)
  const output = createOutput(false, write, write)
  output.result({}, ['name "a\nHOLDS"', ...tableLines(['x'], [['b\nHOLDS']]), '', 'end'])
  output.note('c\r\nHOLDS')
  expect(text).toBe('name "a\\u000aHOLDS"\nx\nb HOLDS\n\nend\nc\\u000d\\u000aHOLDS\n')
})

it('a command that there is not is named without what a terminal would carry out', async () => {
  let text = ''
  expect(await runCli(['fo\u001b[31mo\u202e'], { out: () => {}, err: (written) => (text += written) })).toBe(2)
  expect(text).toContain("unknown command 'fo\\u001b[31mo\\u202e'")
  expect(isPlainText(text, { lines: true })).toBe(true)
})
