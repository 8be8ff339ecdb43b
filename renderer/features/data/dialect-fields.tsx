import type { Dialect } from '../../../main/model/dataset'
import { Field, NumberInput, Select, Switch, type Choice } from '../../ui'
import { changeDialect } from './data-store'

const delimiters: readonly Choice[] = [
  { value: ',', label: 'Comma  ,' },
  { value: ';', label: 'Semicolon  ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar  |' },
  { value: ' ', label: 'Space' }
]
const quotes: readonly Choice[] = [
  { value: '"', label: 'Double quote  "' },
  { value: "'", label: "Single quote  '" },
  { value: 'none', label: 'No quoting' }
]
const encodings: readonly Choice<Dialect['encoding']>[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Windows-1252', hint: 'Western Europe; Latin-1 too' },
  { value: 'utf-16le', label: 'UTF-16, little endian' },
  { value: 'utf-16be', label: 'UTF-16, big endian' },
  { value: 'windows-1250', label: 'Windows-1250', hint: 'Polish, Czech, Hungarian' },
  { value: 'iso-8859-2', label: 'ISO 8859-2', hint: 'Polish, Czech, Hungarian' },
  { value: 'windows-1251', label: 'Windows-1251', hint: 'Cyrillic' },
  { value: 'koi8-r', label: 'KOI8-R', hint: 'Russian' },
  { value: 'ibm866', label: 'IBM 866', hint: 'Cyrillic of DOS' },
  { value: 'windows-1253', label: 'Windows-1253', hint: 'Greek' },
  { value: 'windows-1254', label: 'Windows-1254', hint: 'Turkish' },
  { value: 'windows-1257', label: 'Windows-1257', hint: 'Baltic' },
  { value: 'macintosh', label: 'Mac Roman', hint: 'Macintosh of before 2001' },
  { value: 'shift_jis', label: 'Shift-JIS', hint: 'Japanese' },
  { value: 'euc-jp', label: 'EUC-JP', hint: 'Japanese' },
  { value: 'gb18030', label: 'GB 18030', hint: 'Chinese; GBK too' },
  { value: 'big5', label: 'Big5', hint: 'Traditional Chinese' },
  { value: 'euc-kr', label: 'EUC-KR', hint: 'Korean' }
]
const escapes: readonly Choice<NonNullable<Dialect['escape']>>[] = [
  { value: 'double', label: 'Doubled  ""' },
  { value: 'backslash', label: 'Behind a backslash  \\"' }
]
const decimals: readonly Choice<Dialect['decimal']>[] = [
  { value: '.', label: 'Point  1.5' },
  { value: ',', label: 'Comma  1,5' }
]

/** How the text of a file is written down. */
export function DialectFields({ dialect }: { dialect: Dialect }) {
  const known = delimiters.some((choice) => choice.value === dialect.delimiter)
  return (
    <>
      <Field label="Delimiter">
        <Select
          value={dialect.delimiter}
          choices={known ? delimiters : [...delimiters, { value: dialect.delimiter, label: dialect.delimiter }]}
          onChange={(delimiter) => changeDialect({ delimiter })}
        />
      </Field>
      <Field label="Quoting">
        <Select
          value={dialect.quote || 'none'}
          choices={quotes}
          onChange={(quote) => changeDialect({ quote: quote === 'none' ? '' : quote })}
        />
      </Field>
      {dialect.quote !== '' && (
        <Field label="Quotes within quotes">
          <Select value={dialect.escape ?? 'double'} choices={escapes} onChange={(escape) => changeDialect({ escape })} />
        </Field>
      )}
      <Field label="Encoding">
        <Select value={dialect.encoding} choices={encodings} onChange={(encoding) => changeDialect({ encoding })} />
      </Field>
      <Field label="Decimal sign">
        <Select value={dialect.decimal} choices={decimals} onChange={(decimal) => changeDialect({ decimal })} />
      </Field>
      <Field label="Lines to skip at the top">
        <NumberInput
          value={dialect.skipLines}
          min={0}
          max={1000}
          decimals={0}
          unit="lines"
          onChange={(lines) => changeDialect({ skipLines: lines ?? 0 })}
        />
      </Field>
      <Switch checked={dialect.header} onChange={(header) => changeDialect({ header })} label="The first row holds the names" />
    </>
  )
}
