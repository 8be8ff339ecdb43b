/** Patterns in RE2 syntax, shared by SQL and JavaScript. */
export const numberText =
  '[$€£]? ?[-+]?([0-9]+([.,][0-9]+)?|[0-9]{1,3}([, .][0-9]{3})+([.,][0-9]+)?)([eE][-+]?[0-9]+)?( ?([$€£%]|EUR|USD|GBP|CHF)| [A-Za-zµ°]{1,3}(/[A-Za-z]{1,3})?)?'
export const dateText =
  '([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})|[0-9]{1,2}(st|nd|rd|th)?[.]?( of )?[ -]?[A-Za-zÀ-ž]{3,9}[.]?[ -][0-9]{2,4}|[A-Za-zÀ-ž]{3,9}[.]? [0-9]{1,2}(st|nd|rd|th)?,? [0-9]{4})([T ][0-9:.]+Z?)?'
/** Texts that say "unknown" without being empty. "None" alone is left out: it is a category as often as a gap. */
export const placeholderText =
  '(?i)([?]+|-{1,3}|[.]+|x{3,}|#(ref|value|div/0|name|n/a)[!?]?|tbd|tba|unk|(.*[^a-z])?(unknown|unkn|unspecified|undetermined|not (known|available|applicable|recorded|reported|specified)|n/a|missing)([^a-z].*)?)'

const jsPlaceholder = new RegExp(`^(?:${placeholderText.replace('(?i)', '')})$`, 'i')
export const isPlaceholder = (text: string): boolean => jsPlaceholder.test(text.trim())

/** Spelling without letter case, blanks, accents and punctuation: variants of one category share it. */
export const spellingKey = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
