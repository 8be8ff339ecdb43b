import fc from 'fast-check'

const literal = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\0', ' ')}'`
/** With a NULL now and then. */
export const nullable = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant('NULL') }, { weight: 4, arbitrary })
const integer = (min: bigint, max: bigint): fc.Arbitrary<string> => fc.bigInt({ min, max }).map(String)
const micros = fc.bigInt({ min: -60_000_000_000_000_000n, max: 60_000_000_000_000_000n })
const words = fc
  .oneof(fc.string({ maxLength: 40, unit: 'grapheme' }), fc.constantFrom('', 'twelve bytes', 'thirteen byte', 'ä€😀'))
  .map(literal)

/** SQL type to literals of it. */
export const kinds: Record<string, fc.Arbitrary<string>> = {
  BOOLEAN: fc.boolean().map(String),
  TINYINT: integer(-128n, 127n),
  USMALLINT: integer(0n, 65_535n),
  INTEGER: integer(-(2n ** 31n), 2n ** 31n - 1n),
  UINTEGER: integer(0n, 2n ** 32n - 1n),
  BIGINT: integer(-(2n ** 63n), 2n ** 63n - 1n),
  UBIGINT: integer(0n, 2n ** 64n - 1n),
  DOUBLE: fc.double().map((value) => `'${value}'`),
  FLOAT: fc.float().map((value) => `'${value}'`),
  'DECIMAL(4,1)': integer(-9999n, 9999n).map((value) => `(${value}::DECIMAL(5,0) / 10)`),
  'DECIMAL(18,3)': integer(-(10n ** 14n), 10n ** 14n),
  'DECIMAL(38,10)': integer(-(10n ** 27n), 10n ** 27n),
  DATE: fc.integer({ min: -700_000, max: 700_000 }).map((days) => `(DATE '1970-01-01' + ${days})`),
  TIME: fc.bigInt({ min: 0n, max: 86_399_999_999n }).map((value) => `(TIME '00:00:00' + to_microseconds(${value}))`),
  TIMESTAMP: micros.map((value) => `make_timestamp(${value})`),
  TIMESTAMPTZ: micros.map((value) => `make_timestamp(${value})::TIMESTAMPTZ`),
  TIMESTAMP_MS: micros.map((value) => `make_timestamp(${value})`),
  TIMESTAMP_NS: micros.map((value) => `make_timestamp(${value / 1000n})`),
  VARCHAR: words,
  BLOB: words.map((word) => `encode(${word})`),
  "ENUM('a', 'bb', 'ccc')": fc.constantFrom("'a'", "'bb'", "'ccc'"),
  'INTEGER[]': fc.array(nullable(integer(-9n, 9n)), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
  'VARCHAR[2]': fc.array(nullable(words), { minLength: 2, maxLength: 2 }).map((items) => `[${items.join(', ')}]`),
  'STRUCT(a INTEGER, b VARCHAR)': fc.tuple(nullable(integer(-9n, 9n)), nullable(words)).map(([a, b]) => `{'a': ${a}, 'b': ${b}}`),
  'STRUCT(l VARCHAR[])[]': fc
    .array(fc.array(nullable(words), { maxLength: 2 }), { maxLength: 2 })
    .map((lists) => `[${lists.map((list) => `{'l': [${list.join(', ')}]}`).join(', ')}]`)
}

/** Tables as column types and rows of SQL literals; `copies` says how often the rows are repeated. */
export const tables = fc.array(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 6 }).chain((types) =>
  fc.record({
    types: fc.constant(types),
    rows: fc.array(fc.tuple(...types.map((type) => nullable(kinds[type] as fc.Arbitrary<string>))), { maxLength: 30 }),
    // repeated beyond one DuckDB vector, so that a batch spans several
    copies: fc.constantFrom(1, 1, 200)
  })
)
